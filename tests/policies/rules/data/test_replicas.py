"""Rules for read replicas, each with a stack that breaks it."""

import pytest

from policies.rules.data import replicas
from tests.policies.cases import Case, check, spoilt

REPLICA = "rds.Instance replicas-1"

CASES = [
    spoilt("replicas-in-other-zones", REPLICA, "availabilityZone", None, stack="enterprise"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, replicas.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in replicas.RULES}
