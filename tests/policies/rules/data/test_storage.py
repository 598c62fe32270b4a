"""Rules for the data bucket, each with a stack that breaks it."""

import pytest

from policies.rules.data import storage
from tests.policies.cases import Case, case, changed, check

BUCKET = "s3.BucketCorsConfiguration data"

CASES = [
    *(
        case(
            "bucket-cors-origins-named",
            changed(BUCKET, "corsRules[*].allowedOrigins", origins),
            BUCKET,
        )
        for origins in (["*"], ["https://app.example.com", "https://*"])
    ),
    *(
        case(rule, changed(BUCKET, path, value), BUCKET)
        for rule, path, value in (
            ("bucket-cors-methods-named", "corsRules[*].allowedMethods", ["*"]),
            ("bucket-cors-headers-named", "corsRules[*].allowedHeaders", ["*"]),
            ("bucket-cors-answers-expire", "corsRules[*].maxAgeSeconds", 864_000),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, storage.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in storage.RULES}
