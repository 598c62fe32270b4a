"""Rules for alarms, each with a stack that breaks it."""

import pytest

from policies.rules.operations import alarms
from tests.policies.cases import Case, check, spoilt

ALARM = "cloudwatch.MetricAlarm database-cpu"
FORMULA = "cloudwatch.MetricAlarm http-errors"
COUNTED = "cloudwatch.MetricAlarm trail-unauthorized-calls"
FIREWALL = "cloudwatch.MetricAlarm firewall-blocked"
FAILED = "cloudwatch.MetricAlarm functions-failed"
LAG = "cloudwatch.MetricAlarm replicas-1-lag"


CASES = [
    spoilt("alarm-tells-somebody", ALARM, "alarmActions", []),
    spoilt("alarm-tells-when-it-is-over", ALARM, "okActions", []),
    spoilt("alarm-tells-when-it-is-blind", ALARM, "insufficientDataActions", []),
    spoilt("alarm-enabled", ALARM, "actionsEnabled", False),
    spoilt("alarm-soon", ALARM, "evaluationPeriods", 30),
    spoilt("alarm-explains-itself", ALARM, "alarmDescription", None),
    spoilt("alarm-looks-often", ALARM, "period", 3000),
    spoilt("alarm-looks-often", ALARM, "period", None),
    spoilt("alarm-looks-often", FORMULA, "metricQueries[id=errors].metric.period", 3000),
    spoilt("alarm-can-come", ALARM, "datapointsToAlarm", 30),
    spoilt("alarm-on-one-series", FORMULA, "metricQueries[id=formula].returnData", False),
    spoilt("alarm-on-one-series", FORMULA, "metricQueries[id=errors].returnData", True),
    spoilt("alarm-names-what-it-watches", FIREWALL, "dimensions.WebACL", None),
    spoilt("alarm-names-what-it-watches", ALARM, "dimensions", {}),
    spoilt("alarm-comes-early", ALARM, "threshold", 99),
    spoilt("alarm-comes-early", ALARM, "threshold", None),
    spoilt("alarm-comes-early", FORMULA, "threshold", 10),
    spoilt("alarm-comes-early", COUNTED, "threshold", 100),
    spoilt("alarm-comes-early", FAILED, "threshold", 10),
    spoilt("alarm-comes-early", LAG, "threshold", 900, stack="enterprise"),
    # A replica reports up to five minutes while nobody writes.
    spoilt("alarm-comes-early", LAG, "threshold", 300, stack="enterprise"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, alarms.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in alarms.RULES}
