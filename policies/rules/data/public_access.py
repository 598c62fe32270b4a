"""Rules for S3 buckets: what keeps them from the public, whatever a policy says."""

from collections.abc import Iterator
from typing import Final

from policies.predicates import ON, equals
from policies.purpose import BUCKET
from policies.rule import Companion, Judgement, Property, Rule, met, rule, violated
from policies.stack import Stack

BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
OWNERSHIP: Final = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
ACL: Final = "aws:s3/bucketAcl:BucketAcl"

BLOCKS: Final = {
    "blockPublicAcls": "bucket-public-acls-blocked",
    "blockPublicPolicy": "bucket-public-policy-blocked",
    "ignorePublicAcls": "bucket-public-acls-ignored",
    "restrictPublicBuckets": "bucket-public-access-restricted",
}

ROWS: Final[tuple[Rule, ...]] = (
    Companion(
        name="bucket-public-access-block",
        type=BUCKET,
        companion=BLOCK,
        by="bucket",
        controls=["1.1"],
        fix="declare an s3.BucketPublicAccessBlock for the bucket",
    ),
    *(
        Property(
            name=name,
            type=BLOCK,
            path=path,
            must=ON,
            controls=["1.1"],
            fix=f"set {path} to true: nothing of the platform is public but through the CDN",
        )
        for path, name in BLOCKS.items()
    ),
    Companion(
        name="bucket-ownership-controls",
        type=BUCKET,
        companion=OWNERSHIP,
        by="bucket",
        controls=["1.3"],
        fix="declare an s3.BucketOwnershipControls for the bucket",
    ),
    Property(
        name="bucket-acls-disabled",
        type=OWNERSHIP,
        path="rule.objectOwnership",
        must=equals("BucketOwnerEnforced"),
        controls=["1.3"],
        fix="set rule.objectOwnership to BucketOwnerEnforced: policies alone say who may",
    ),
)


@rule("1.3", fix="remove the ACL: a bucket policy says the same, where everyone looks for it")
def bucket_without_acl(stack: Stack) -> Iterator[Judgement]:
    """No bucket has an ACL, of its own or beside it."""
    for bucket in stack.of(BUCKET):
        named = [key for key in ("acl", "grants") if bucket.inputs.get(key)]
        if named or stack.companions(bucket, ACL, "bucket"):
            yield violated(bucket, f"has {named[0] if named else 'a BucketAcl'}")
        else:
            yield met(bucket)


RULES: Final[tuple[Rule, ...]] = (*ROWS, bucket_without_acl)
