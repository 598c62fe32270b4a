"""Rules for KMS keys."""

from functools import partial
from typing import Final

from policies.predicates import GIVEN, NOT_ON, ON, equals
from policies.rule import Companion, Property, Rule

KEY: Final = "aws:kms/key:Key"
ALIAS: Final = "aws:kms/alias:Alias"

_key = partial(Property, type=KEY)

RULES: Final[tuple[Rule, ...]] = (
    _key(
        name="key-rotates",
        path="enableKeyRotation",
        must=ON,
        controls=["9.1"],
        fix="set enableKeyRotation to true",
    ),
    _key(
        name="key-has-a-policy",
        path="policy",
        must=GIVEN,
        controls=["9.2"],
        fix="give a policy: the default one lets every role of the account use it",
    ),
    _key(
        name="key-deleted-slowly",
        path="deletionWindowInDays",
        must=equals(30),
        controls=["9.3"],
        fix="set deletionWindowInDays to 30: a key that is gone takes all its data along",
        production=True,
    ),
    _key(
        name="key-enabled",
        path="isEnabled",
        must=ON,
        controls=["9.4"],
        fix="set isEnabled to true",
    ),
    Companion(
        name="key-has-an-alias",
        type=KEY,
        companion=ALIAS,
        by="targetKeyId",
        controls=["9.4"],
        fix="declare a kms.Alias: people know a key by its name",
    ),
    _key(
        name="key-policy-checked",
        path="bypassPolicyLockoutSafetyCheck",
        must=NOT_ON,
        controls=["9.5"],
        fix="leave bypassPolicyLockoutSafetyCheck: it lets a policy lock everybody out",
    ),
    _key(
        name="key-described",
        path="description",
        must=GIVEN,
        controls=["9.7"],
        fix="say in description what is under it",
    ),
    _key(
        name="key-in-one-region",
        path="multiRegion",
        must=NOT_ON,
        controls=["9.8"],
        fix="leave multiRegion: a key of its own in each Region limits what one leak opens",
    ),
)
