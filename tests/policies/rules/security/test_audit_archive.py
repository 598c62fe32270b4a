"""Rules for buckets that hold evidence, each with a stack that breaks it."""

import pytest

from policies.rules.security import audit_archive
from tests.policies.cases import Case, case, changed, check, document, without

LOCK = "s3.BucketObjectLockConfiguration audit"
DEFAULT = "rule.defaultRetention"


def bypassable(data):
    data["Statement"] = [
        s for s in data["Statement"] if "s3:BypassGovernanceRetention" not in s["Action"]
    ]


CASES = [
    case("object-lock-mode", changed(LOCK, f"{DEFAULT}.mode", None), LOCK),
    case("evidence-locked", without(LOCK), "s3.Bucket audit"),
    case("evidence-locked", changed(LOCK, f"{DEFAULT}.days", 36), "s3.Bucket audit"),
    case("evidence-locked", changed(LOCK, f"{DEFAULT}.days", None), "s3.Bucket audit"),
    case(
        "evidence-locked", changed("s3.Bucket audit", "objectLockEnabled", False), "s3.Bucket audit"
    ),
    case(
        "evidence-lock-not-bypassed",
        document("s3.BucketPolicy audit", "policy", bypassable),
        "s3.Bucket audit",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, audit_archive.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in audit_archive.RULES}
