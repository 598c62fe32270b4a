"""Rules for audit lines on their way, each with a stack that breaks it."""

import pytest

from policies.rules.security import audit_delivery
from tests.policies.cases import Case, case, changed, check, spoilt, without

STREAM = "kinesis.FirehoseDeliveryStream audit-delivery"
LOCK = "s3.BucketObjectLockConfiguration audit"
FILTER = "cloudwatch.LogSubscriptionFilter audit-delivery-qmlab"
ALARM = "cloudwatch.MetricAlarm audit-delivery"

CASES = [
    *(
        spoilt(rule, STREAM, path, bad)
        for rule, path, bad in (
            ("delivery-encrypted", "serverSideEncryption.enabled", False),
            ("delivery-under-own-key", "serverSideEncryption.keyArn", None),
        )
    ),
    *(
        spoilt(rule, STREAM, f"extendedS3Configuration.{path}", bad)
        for rule, path, bad in (
            ("delivery-writes-under-own-key", "kmsKeyArn", None),
            ("delivery-failures-logged", "cloudwatchLoggingOptions.enabled", False),
            ("delivery-prompt", "bufferingInterval", 900),
            ("delivery-failures-in-a-group", "cloudwatchLoggingOptions.logGroupName", None),
            ("delivery-failures-in-a-stream", "cloudwatchLoggingOptions.logStreamName", None),
            ("delivery-processes", "processingConfiguration.enabled", False),
            ("traces-in-own-bucket", "bucketArn", "arn:aws:s3:::elsewhere"),
        )
    ),
    spoilt("locks-end-with-the-lifecycle", LOCK, "rule.defaultRetention.days", 3650),
    spoilt(
        "locks-end-with-the-lifecycle",
        LOCK,
        "rule.defaultRetention",
        {"mode": "GOVERNANCE", "years": 2},
    ),
    spoilt("subscriptions-by-json", FILTER, "filterPattern", "[AUDIT]"),
    spoilt("subscriptions-by-json", FILTER, "filterPattern", ""),
    case("changes-delivered", without(FILTER), "lambda.Function qmlab"),
    case(
        "changes-delivered",
        changed(FILTER, "destinationArn", "arn:aws:firehose:::elsewhere"),
        "lambda.Function qmlab",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, audit_delivery.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in audit_delivery.RULES}
