"""Rules for functions in a VPC, each with a stack that breaks it."""

import pytest

from policies.rules.api import network
from tests.policies.cases import Case, case, changed, check

SIMCORE = "lambda.Function simcore"

CASES = [
    case(rule, changed(SIMCORE, path, value), SIMCORE)
    for rule, path, value in (
        ("function-network-guarded", "vpcConfig.securityGroupIds", []),
        ("function-in-two-zones", "vpcConfig.subnetIds", ["subnet-1"]),
        ("database-callers-in-vpc", "vpcConfig", None),
    )
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, network.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in network.RULES}
