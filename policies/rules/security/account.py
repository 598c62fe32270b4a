"""Rules for what protects a whole account."""

from typing import Final

from policies.predicates import ON
from policies.rule import Property, Rule
from policies.rules.data.public_access import BLOCKS

ACCOUNT_BLOCK: Final = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"

RULES: Final[tuple[Rule, ...]] = tuple(
    Property(
        name=name.replace("bucket", "account", 1),
        type=ACCOUNT_BLOCK,
        path=path,
        must=ON,
        controls=["1.2"],
        fix=f"set {path} to true: it holds for buckets nobody declared, too",
    )
    for path, name in BLOCKS.items()
)
