"""Rules for S3 buckets, each with a stack that breaks it."""

import pytest

from policies.rules import storage
from tests.policies.cases import Case, case, changed, check, without

CASES = [
    case(
        "bucket-public-access-block",
        without("s3.BucketPublicAccessBlock data"),
        "s3.Bucket data",
    ),
    *(
        case(rule, changed("s3.BucketPublicAccessBlock data", path, False), LABEL)
        for path, rule in storage.BLOCKS.items()
        for LABEL in ["s3.BucketPublicAccessBlock data"]
    ),
    case("bucket-access-logged", without("s3.BucketLogging data"), "s3.Bucket data"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, storage.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in storage.RULES}
