"""Rules for objects' age, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.data import lifecycle
from policies.rules.data.lifecycle import lifecycle_tiers_ordered
from tests.policies.cases import Case, case, changed, check, judged, without
from tests.stacks import built

DATA = "s3.BucketLifecycleConfiguration data"
LOGS = "s3.BucketLifecycleConfiguration logs"
KEPT = "rules[id=housekeeping]"
TIERS = "rules[id=tiers]"

CASES = [
    case("bucket-lifecycle", without(DATA), "s3.Bucket data"),
    case("lifecycle-rules-enabled", changed(DATA, f"{TIERS}.status", "Disabled"), DATA),
    *(
        case("bucket-uploads-aborted", changed(DATA, f"{KEPT}.{path}", value), DATA)
        for path, value in (
            ("abortIncompleteMultipartUpload", None),
            ("abortIncompleteMultipartUpload.daysAfterInitiation", 70),
            ("filter.prefix", "objects/"),
        )
    ),
    *(
        case("bucket-versions-expire", changed(DATA, f"{KEPT}.{path}", value), DATA)
        for path, value in (
            ("noncurrentVersionExpiration", None),
            ("noncurrentVersionExpiration.noncurrentDays", 400),
            ("expiration.expiredObjectDeleteMarker", False),
        )
    ),
    case(
        "bucket-versions-outlive-restores",
        changed(DATA, f"{KEPT}.noncurrentVersionExpiration.noncurrentDays", 300),
        DATA,
    ),
    case(
        "bucket-versions-kept",
        changed(DATA, f"{KEPT}.noncurrentVersionExpiration.noncurrentDays", 3),
        DATA,
    ),
    *(
        case("access-logs-kept", changed(LOGS, "rules[id=expire].expiration", days), LOGS)
        for days in (None, {"days": 30}, {"days": 3650})
    ),
    *(
        case("lifecycle-tiers-ordered", changed(DATA, f"{TIERS}.{path}", value), DATA)
        for path, value in (
            ("transitions[storageClass=GLACIER_IR].days", 70),
            ("transitions[storageClass=GLACIER].days", 300),
            ("transitions[storageClass=GLACIER].days", None),
            ("transitions[storageClass=GLACIER].storageClass", "ONEZONE_IA"),
            ("transitions[storageClass=GLACIER_IR].storageClass", "COLD"),
            ("expiration", {"days": 30}),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, lifecycle.RULES)


@pytest.mark.parametrize("kind", ["STANDARD_IA", "ONEZONE_IA"])
def test_no_class_asks_for_objects_of_an_age(kind):
    """Until July 2026 these two took objects of 30 days."""
    warm = changed(DATA, f"{TIERS}.transitions[storageClass=GLACIER_IR].storageClass", kind)

    assert judged(lifecycle_tiers_ordered, warm(built("prod")), Verdict.MET) == [DATA]


def test_a_bucket_without_tiers_is_not_asked_for_their_order():
    assert judged(lifecycle_tiers_ordered, built("prod"), Verdict.MET) == [DATA]


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in lifecycle.RULES}
