"""Rules for what must be watched, each with a stack that breaks it."""

import pytest

from policies.rules.stack import watching
from tests.policies.cases import Case, beside, both, case, changed, check, without

BUDGET = "aws:budgets/budget:Budget"
HEARD = {"notificationType": "ACTUAL", "subscriberSnsTopicArns": ["arn:aws:sns:::topic"]}
FORESEEN = {**HEARD, "notificationType": "FORECASTED"}


def missing(rule, alarm, *found, stack="prod"):
    return case(rule, without(f"cloudwatch.MetricAlarm {alarm}"), *found, stack=stack)


CASES = [
    *(
        missing("stores-and-entrances-alarmed", alarm, found)
        for alarm, found in (
            ("database-cpu", "rds.Instance database"),
            ("database-memory", "rds.Instance database"),
            ("http-errors", "apigatewayv2.Api http"),
            ("http-latency", "apigatewayv2.Api http"),
        )
    ),
    *(
        missing("guards-alarmed", alarm, found, stack=stack)
        for alarm, found, stack in (
            ("websocket-errors", "apigatewayv2.Api websocket", "prod"),
            ("cdn-errors", "cloudfront.Distribution cdn", "prod"),
            ("tables-api-keys-throttled", "dynamodb.Table tables-api-keys", "prod"),
            ("identity-sign-in-throttles", "cognito.UserPool identity", "prod"),
            ("firewall-blocked", "wafv2.WebAcl firewall", "prod"),
            ("replicas-1-lag", "rds.Instance replicas-1", "enterprise"),
        )
    ),
    case(
        "guards-alarmed",
        changed("cloudwatch.MetricAlarm firewall-blocked", "dimensions.WebACL", "theirs"),
        "wafv2.WebAcl firewall",
    ),
    case(
        "budget-alerts",
        both(
            beside(BUDGET, "heard", notifications=[HEARD, FORESEEN]),
            beside(BUDGET, "late", notifications=[HEARD]),
            beside(BUDGET, "silent"),
        ),
        "budgets.Budget late",
        "budgets.Budget silent",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, watching.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in watching.RULES}
