"""Rules for CloudTrail, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.security import trail
from tests.policies.cases import Case, case, changed, check, judged, named, spoilt, without
from tests.stacks import built

TRAIL = "cloudtrail.Trail trail"
MANAGEMENT = {"fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}]}
READS = {"field": "readOnly", "equals": ["true"]}

CASES = [
    spoilt("trail-in-every-region", TRAIL, "isMultiRegionTrail", False),
    spoilt("trail-of-global-services", TRAIL, "includeGlobalServiceEvents", False),
    spoilt("trail-running", TRAIL, "enableLogging", False),
    spoilt("trail-under-own-key", TRAIL, "kmsKeyId", None),
    spoilt("trail-files-validated", TRAIL, "enableLogFileValidation", False),
    spoilt("trail-searchable", TRAIL, "cloudWatchLogsGroupArn", None),
    spoilt("trail-may-write-logs", TRAIL, "cloudWatchLogsRoleArn", None),
    case("trail-bucket-guarded", without("s3.BucketLogging audit"), TRAIL),
    case("trail-bucket-guarded", without("s3.BucketPublicAccessBlock audit"), TRAIL),
    case("trail-bucket-guarded", changed(TRAIL, "s3BucketName", "elsewhere"), TRAIL),
    spoilt("trail-sees-objects", TRAIL, "advancedEventSelectors", [MANAGEMENT]),
    spoilt(
        "trail-sees-management",
        TRAIL,
        "advancedEventSelectors",
        [{"fieldSelectors": [*MANAGEMENT["fieldSelectors"], READS]}],
    ),
    case("trail-alarmed", without("cloudwatch.LogMetricFilter trail-root-usage"), TRAIL),
    case("trail-alarmed", without("cloudwatch.MetricAlarm trail-root-usage"), TRAIL),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, trail.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    apart = {"trail-tells-of-deliveries", "trail-notices-the-unusual"}
    assert {case.rule for case in CASES} | apart == {rule.name for rule in trail.RULES}


@pytest.mark.parametrize(
    ("rule", "path", "value"),
    [
        ("trail-tells-of-deliveries", "snsTopicName", "security"),
        ("trail-notices-the-unusual", "insightSelectors", [{"insightType": "ApiCallRateInsight"}]),
    ],
)
def test_what_this_stack_does_without_would_be_seen(rule, path, value):
    found = named(rule, trail.RULES)

    assert judged(found, built("prod"), Verdict.VIOLATED) == [TRAIL]
    assert judged(found, changed(TRAIL, path, value)(built("prod")), Verdict.MET) == [TRAIL]


def test_the_older_selectors_are_understood():
    objects = {"dataResources": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}
    plain = changed(TRAIL, "advancedEventSelectors", None)(built("prod"))
    sound = changed(TRAIL, "eventSelectors", [objects])(plain)
    blind = changed(TRAIL, "eventSelectors", [{"includeManagementEvents": False}])(plain)
    objects_seen, management_seen = (
        named(f"trail-sees-{what}", trail.RULES) for what in ("objects", "management")
    )

    assert judged(objects_seen, sound, Verdict.MET) == [TRAIL]
    assert judged(management_seen, sound, Verdict.MET) == [TRAIL]
    assert judged(objects_seen, blind, Verdict.VIOLATED) == [TRAIL]
    assert judged(management_seen, blind, Verdict.VIOLATED) == [TRAIL]
