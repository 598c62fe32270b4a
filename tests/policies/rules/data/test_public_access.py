"""Rules for what keeps buckets from the public, each with a stack that breaks it."""

import pytest

from policies.rules.data import public_access
from tests.policies.cases import Case, beside, both, case, changed, check, without

BLOCK = "s3.BucketPublicAccessBlock data"

CASES = [
    case(
        "bucket-public-access-block",
        without("s3.BucketPublicAccessBlock data"),
        "s3.Bucket data",
    ),
    *(
        case(rule, changed(BLOCK, path, False), BLOCK)
        for path, rule in public_access.BLOCKS.items()
    ),
    case("bucket-ownership-controls", without("s3.BucketOwnershipControls data"), "s3.Bucket data"),
    case(
        "bucket-acls-disabled",
        changed("s3.BucketOwnershipControls site", "rule.objectOwnership", "ObjectWriter"),
        "s3.BucketOwnershipControls site",
    ),
    case(
        "bucket-without-acl",
        both(
            changed("s3.Bucket site", "acl", "public-read"),
            beside("aws:s3/bucketAcl:BucketAcl", "logs", bucket=None),
        ),
        "s3.Bucket site",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, public_access.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in public_access.RULES}
