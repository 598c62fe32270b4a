"""Rules for the VPC's flow log, each with a stack that breaks it."""

import pytest

from policies.rules.security import flow
from tests.policies.cases import Case, case, check, spoilt, without

LOG = "ec2.FlowLog network-flow-logs"

CASES = [
    case("vpc-flow-logged", without(LOG), "ec2.Vpc network"),
    spoilt("flow-log-of-all-traffic", LOG, "trafficType", "REJECT"),
    spoilt("flow-log-has-a-destination", LOG, "logDestination", None),
    spoilt("flow-log-may-write", LOG, "iamRoleArn", None),
    spoilt("flow-log-interval", LOG, "maxAggregationInterval", 6000),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, flow.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in flow.RULES}
