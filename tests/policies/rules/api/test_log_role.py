"""Rules for API Gateway's log role, each with a stack that breaks it."""

import pytest

from policies.rules.api import log_role
from tests.policies.cases import Case, case, changed, check, without

CASES = [
    case(
        "api-account-logs",
        changed("apigateway.Account api-logs", "cloudwatchRoleArn", None),
        "apigateway.Account api-logs",
    ),
    case("api-log-role-taken", without("apigateway.Account api-logs"), "iam.Role api-logs"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, log_role.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in log_role.RULES}
