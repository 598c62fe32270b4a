"""What the isolated network and the key register."""

import json

import pytest
from pulumi import Output, export

from components.security.key import Key, KeyArgs
from components.security.network import IsolatedNetwork, NetworkArgs
from components.security.zones import first_free
from config.sections import Network
from tests.declare import ACCOUNT, KEY, REGION, context, declare, inputs

SUBNET = "aws:ec2/subnet:Subnet"


def network(config: Network) -> IsolatedNetwork:
    return IsolatedNetwork(
        "network",
        NetworkArgs(
            context=context(),
            config=config,
            zones=Output.from_input([f"{REGION}{letter}" for letter in "abc"]),
        ),
    )


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            Network(cidr="10.7.0.0/16"),
            {"us-east-1a": "10.7.0.0/18", "us-east-1b": "10.7.64.0/18"},
        ),
        (
            Network(cidr="10.7.0.0/16", zones=3),
            {
                "us-east-1a": "10.7.0.0/18",
                "us-east-1b": "10.7.64.0/18",
                "us-east-1c": "10.7.128.0/18",
            },
        ),
        (
            Network(subnets=("10.0.9.0/24", "10.0.3.0/24")),
            {"us-east-1a": "10.0.9.0/24", "us-east-1b": "10.0.3.0/24"},
        ),
    ],
)
def test_each_zone_has_a_subnet_that_a_further_zone_does_not_move(config, expected):
    subnets = inputs(declare(lambda: network(config)), SUBNET)

    assert {s["availabilityZone"]: s["cidrBlock"] for s in subnets.values()} == expected
    assert {s["mapPublicIpOnLaunch"] for s in subnets.values()} == {False}


def test_the_next_subnet_is_in_the_first_zone_that_no_other_is_in():
    """Though the list began with another one when those before it were made."""

    def program():
        offered = Output.from_input(["d", "a", "c", "b"])
        export("zone", first_free(offered, [Output.from_input(z) for z in ("b", "a")], 3))

    assert declare(program).outputs == {"zone": "c"}


def test_nothing_leads_out_but_the_gateway_endpoints():
    graph = declare(lambda: network(Network()))
    kinds = {resource.type for resource in graph.resources}

    assert not kinds & {
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ec2/natGateway:NatGateway",
        "aws:ec2/route:Route",
    }
    (table,) = graph.by_type("aws:ec2/routeTable:RouteTable")
    assert "routes" not in table.inputs
    endpoints = inputs(graph, "aws:ec2/vpcEndpoint:VpcEndpoint")
    assert {e["serviceName"]: e["vpcEndpointType"] for e in endpoints.values()} == {
        "com.amazonaws.us-east-1.s3": "Gateway",
        "com.amazonaws.us-east-1.dynamodb": "Gateway",
    }


def test_an_endpoint_serves_this_accounts_own_data_only():
    endpoints = inputs(declare(lambda: network(Network())), "aws:ec2/vpcEndpoint:VpcEndpoint")
    (statement,) = json.loads(endpoints["network-s3"]["policy"])["Statement"]

    assert statement["Condition"] == {
        "StringEquals": {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}
    }


def test_functions_may_open_https_to_the_prefix_lists_and_nothing_else():
    graph = declare(lambda: network(Network()))
    rules = inputs(graph, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")

    assert {
        name: (r["ipProtocol"], r["fromPort"], r["toPort"], "cidrIpv4" in r)
        for name, r in rules.items()
    } == {
        "network-functions-s3": ("tcp", 443, 443, False),
        "network-functions-dynamodb": ("tcp", 443, 443, False),
    }
    assert all(rule["prefixListId"].startswith("pl-") for rule in rules.values())
    assert not graph.by_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")


def test_the_default_group_is_closed():
    graph = declare(lambda: network(Network()))
    (group,) = graph.by_type("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")

    assert (group.inputs["ingress"], group.inputs["egress"]) == ([], [])


def test_all_traffic_is_logged_under_our_key_with_retention():
    graph = declare(lambda: network(Network()))

    (flow,) = graph.by_type("aws:ec2/flowLog:FlowLog")
    assert flow.inputs["trafficType"] == "ALL"
    (group,) = graph.by_type("aws:cloudwatch/logGroup:LogGroup")
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (KEY, 30)


def test_the_key_rotates_and_is_kept_where_data_is_protected():
    args = KeyArgs(account_id=ACCOUNT, region=REGION, protect=True)
    (key,) = declare(lambda: Key("key", args)).by_type("aws:kms/key:Key")

    assert key.protect
    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["deletionWindowInDays"] == 30
