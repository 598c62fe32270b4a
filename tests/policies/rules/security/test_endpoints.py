"""Rules for gateway endpoints, each with a stack that breaks it."""

import pytest

from policies.rules.security import endpoints
from tests.policies.cases import Case, case, changed, check, document, without

S3 = "ec2.VpcEndpoint network-s3"
TABLES = "ec2.VpcEndpoint network-dynamodb"


def for_anybody(policy):
    del policy["Statement"][0]["Condition"]["StringEquals"]["aws:ResourceAccount"]


CASES = [
    case("gateway-endpoints", without(S3), "ec2.Vpc network"),
    case("gateway-endpoints-routed", changed(S3, "routeTableIds", []), S3),
    case(
        "gateway-endpoints-routed",
        without(
            "ec2.RouteTableAssociation network-isolated-10.30.0.0-18",
            "ec2.RouteTableAssociation network-isolated-10.30.64.0-18",
        ),
        TABLES,
        S3,
    ),
    case(
        "gateway-endpoints-reached",
        without("vpc.SecurityGroupEgressRule network-functions-s3"),
        S3,
    ),
    case("endpoint-for-own-account", document(TABLES, "policy", for_anybody), TABLES),
    case("endpoint-for-own-account", changed(TABLES, "policy", None), TABLES),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, endpoints.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in endpoints.RULES}
