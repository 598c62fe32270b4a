"""Rules for instances' logs, each with a stack that breaks it."""

import pytest

from policies.rules.data import instance_logs
from tests.policies.cases import Case, case, check, spoilt, without

DATABASE = "rds.Instance database"

CASES = [
    spoilt("database-logs-exported", DATABASE, "enabledCloudwatchLogsExports", ["postgresql"]),
    case("database-logs-expire", without("cloudwatch.LogGroup database-upgrade"), DATABASE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, instance_logs.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in instance_logs.RULES}
