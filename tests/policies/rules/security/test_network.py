"""Rules for the VPC, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.security import network
from tests.policies.cases import (
    Case,
    beside,
    both,
    case,
    changed,
    check,
    judged,
    made,
    named,
    spoilt,
    without,
)
from tests.stacks import built

VPC = "ec2.Vpc network"
SUBNET = "ec2.Subnet network-isolated-10.30.0.0-18"
ASSOCIATION = "ec2.RouteTableAssociation network-isolated-10.30.0.0-18"
SUBNETS = (SUBNET, "ec2.Subnet network-isolated-10.30.64.0-18")
TABLE = "ec2.RouteTable network-isolated"
ROUTE = "aws:ec2/route:Route"
NAT = "aws:ec2/natGateway:NatGateway"


def route(**inputs):
    """A route of the subnets' table."""
    table = built("prod").resource("network-isolated", "aws:ec2/routeTable:RouteTable")
    return beside(ROUTE, "out", routeTableId=table.id, **inputs)


CASES = [
    spoilt("subnet-without-public-addresses", SUBNET, "mapPublicIpOnLaunch", True),
    spoilt("vpc-with-dns-names", VPC, "enableDnsHostnames", False),
    spoilt("vpc-with-dns", VPC, "enableDnsSupport", None),
    spoilt("vpc-of-private-addresses", VPC, "cidrBlock", "0.0.0.0/0"),
    spoilt("vpc-of-private-addresses", VPC, "cidrBlock", "8.8.0.0/16"),
    spoilt("vpc-of-private-addresses", VPC, "cidrBlock", "10.0.0.0/8"),
    spoilt("vpc-of-private-addresses", VPC, "cidrBlock", "no network"),
    spoilt("subnet-of-private-addresses", SUBNET, "cidrBlock", None),
    spoilt("vpc-without-public-addresses", VPC, "assignGeneratedIpv6CidrBlock", True),
    case(
        "subnets-isolated",
        without("ec2.RouteTableAssociation network-isolated-10.30.0.0-18"),
        SUBNET,
    ),
    case("subnets-isolated", route(destinationCidrBlock="0.0.0.0/0", gatewayId="igw-1"), *SUBNETS),
    case("subnets-isolated", route(destinationIpv6CidrBlock="::/0"), *SUBNETS),
    case("subnets-isolated", changed(TABLE, "routes", [{"cidrBlock": "0.0.0.0/0"}]), *SUBNETS),
    case(
        "subnets-isolated",
        both(
            beside("aws:ec2/internetGateway:InternetGateway", "way"),
            route(destinationCidrBlock="52.0.0.0/8", gatewayId="way-id"),
        ),
        *SUBNETS,
    ),
    case("vpc-over-zones", without("ec2.Subnet network-isolated-10.30.64.0-18"), VPC),
    case("addresses-in-use", beside("aws:ec2/eip:Eip", "spare"), "ec2.Eip spare"),
    case("nat-in-each-zone", beside(NAT, "nat", subnetId="elsewhere"), "ec2.NatGateway nat"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, network.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in network.RULES}


def test_a_way_out_by_a_nat_gateway_is_no_way_in():
    (rule,) = [each for each in network.RULES if each.name == "subnets-isolated"]
    graph = route(destinationCidrBlock="0.0.0.0/0", natGatewayId="nat-1")(built("prod"))

    assert judged(rule, graph, Verdict.MET) == list(SUBNETS)


def test_nat_gateways_are_counted_by_zone_and_have_addresses():
    graph = made(
        ("aws:ec2/subnet:Subnet", "a", {"availabilityZone": "us-east-1a"}),
        ("aws:ec2/subnet:Subnet", "b", {"availabilityZone": "us-east-1b"}),
        ("aws:ec2/eip:Eip", "a", {}),
        (NAT, "a", {"allocationId": "a-id"}),
        (NAT, "b", {"allocationId": "elsewhere"}),
    )

    assert judged(named("nat-in-each-zone", network.RULES), graph, Verdict.VIOLATED) == []
    assert judged(named("addresses-in-use", network.RULES), graph, Verdict.MET) == ["ec2.Eip a"]
