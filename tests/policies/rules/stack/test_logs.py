"""Rules for log groups, each with a stack that breaks it."""

import pytest

from policies.rules.stack import logs
from tests.policies.cases import Case, case, changed, check, spoilt, without
from tests.stacks import built

GROUP = "cloudwatch.LogGroup simcore"
TRAIL_FILTERS = [
    filter_.label
    for filter_ in built("prod").by_type("aws:cloudwatch/logMetricFilter:LogMetricFilter")
    if filter_.name.startswith("trail-")
]

CASES = [
    spoilt("logs-expire", GROUP, "retentionInDays", None),
    spoilt("logs-expire", GROUP, "retentionInDays", 3650),
    spoilt("logs-kept-a-year", GROUP, "retentionInDays", 30),
    spoilt("logs-under-own-key", GROUP, "kmsKeyId", None),
    spoilt("logs-go-with-their-stack", GROUP, "skipDestroy", True),
    *(
        case("logs-in-own-groups", without(f"cloudwatch.LogGroup {group}"), writer)
        for group, writer in (
            ("network-flow-logs", "ec2.FlowLog network-flow-logs"),
            ("trail", "cloudtrail.Trail trail"),
            ("audit-delivery", "kinesis.FirehoseDeliveryStream audit-delivery"),
            ("simcore", "lambda.Function simcore"),
            ("http-access", "apigatewayv2.Stage http"),
            ("firewall-logs", "wafv2.WebAclLoggingConfiguration firewall-logs"),
        )
    ),
    case("filters-see-lines", without("cloudtrail.Trail trail"), *TRAIL_FILTERS),
    case(
        "filters-see-lines",
        changed("cloudwatch.LogSubscriptionFilter audit-delivery-qmlab", "logGroup", "elsewhere"),
        "cloudwatch.LogSubscriptionFilter audit-delivery-qmlab",
    ),
    case(
        "filters-alarm",
        without("cloudwatch.MetricAlarm trail-root-usage"),
        "cloudwatch.LogMetricFilter trail-root-usage",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, logs.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in logs.RULES}
