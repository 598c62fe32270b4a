"""Who reaches what over the network."""

import pytest

from tests.graph.access.cases import Kind, case, expected, of, told
from tests.policies.cases import beside, both, changed, found

RULES = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
ROUTES = "https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html"
GROUP = "ec2.SecurityGroup database"
IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"


def rule(kind, name, label=GROUP, **more):
    ports = {"ipProtocol": "tcp", "fromPort": 5433, "toPort": 5433}
    return of(label, kind, name, lambda group: {"securityGroupId": group.id, **ports, **more})


def let_in(graph):
    other = found(graph, "ec2.SecurityGroup database").id
    return rule(IN, "in", "ec2.SecurityGroup network-functions", referencedSecurityGroupId=other)(
        graph
    )


CASES = [
    case(
        RULES,
        rule(IN, "in", cidrIpv4="0.0.0.0/0"),
        "now also: anyone (0.0.0.0/0) may reach tcp 5433 of ec2.SecurityGroup database through "
        "vpc.SecurityGroupIngressRule in",
    ),
    case(
        RULES,
        rule(IN, "in", cidrIpv6="::/0"),
        "now also: anyone (::/0) may reach tcp 5433 of ec2.SecurityGroup database through "
        "vpc.SecurityGroupIngressRule in",
    ),
    case(
        RULES,
        rule(IN, "in", cidrIpv4="203.0.113.0/24"),
        "now also: 203.0.113.0/24 may reach tcp 5433 of ec2.SecurityGroup database through "
        "vpc.SecurityGroupIngressRule in",
        who=Kind.STRANGER,
    ),
    case(
        RULES,
        let_in,
        "now also: ec2.SecurityGroup database may reach tcp 5433 of ec2.SecurityGroup "
        "network-functions through vpc.SecurityGroupIngressRule in",
        who=Kind.OURS,
        decide=False,
    ),
    case(
        f"{RULES}: a prefix list of AWS's, such as CloudFront's, is whoever uses that",
        rule(IN, "in", prefixListId="pl-3b927c52"),
        "now also: pl-3b927c52 may reach tcp 5433 of ec2.SecurityGroup database through "
        "vpc.SecurityGroupIngressRule in",
        who=Kind.UNKNOWN,
    ),
    case(
        RULES,
        changed("vpc.SecurityGroupIngressRule database-from-functions-in", "toPort", 6000),
        "now also: ec2.SecurityGroup network-functions may reach tcp 5433-6000 of "
        "ec2.SecurityGroup database through vpc.SecurityGroupIngressRule "
        "database-from-functions-in",
        who=Kind.OURS,
        decide=False,
    ),
    case(
        f"{RULES}: -1 is all traffic",
        of(
            GROUP,
            "aws:ec2/securityGroupRule:SecurityGroupRule",
            "all",
            lambda group: {
                "type": "ingress",
                "protocol": "-1",
                "fromPort": 0,
                "toPort": 0,
                "cidrBlocks": ["0.0.0.0/0"],
                "securityGroupId": group.id,
            },
        ),
        "now also: anyone (0.0.0.0/0) may reach every port of ec2.SecurityGroup database through "
        "ec2.SecurityGroupRule all",
    ),
    case(
        RULES,
        changed(
            GROUP,
            "ingress",
            [{"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["0.0.0.0/0"]}],
        ),
        "now also: anyone (0.0.0.0/0) may reach tcp 22 of ec2.SecurityGroup database",
    ),
    case(
        RULES,
        rule(OUT, "out", "ec2.SecurityGroup network-functions", cidrIpv4="0.0.0.0/0"),
        "now also: ec2.SecurityGroup network-functions may reach tcp 5433 of 0.0.0.0/0 through "
        "vpc.SecurityGroupEgressRule out",
        who=Kind.OURS,
    ),
    case(
        ROUTES,
        both(
            beside("aws:ec2/internetGateway:InternetGateway", "door"),
            of(
                "ec2.RouteTable network-isolated",
                "aws:ec2/route:Route",
                "out",
                lambda table: {
                    "routeTableId": table.id,
                    "destinationCidrBlock": "0.0.0.0/0",
                    "gatewayId": "door-id",
                },
            ),
        ),
        "now also: anyone may reach what is behind ec2.RouteTable network-isolated through "
        "ec2.Route out",
    ),
    case(
        ROUTES,
        changed(
            "ec2.RouteTable network-isolated",
            "routes",
            [{"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-0123456789abcdef0"}],
        ),
        "now also: what is behind ec2.RouteTable network-isolated may reach the internet through "
        "ec2.RouteTable network-isolated",
        who=Kind.OURS,
    ),
    case(
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        changed("rds.Instance database", "publiclyAccessible", True),
        "now also: anyone may reach rds.Instance database",
    ),
    case(
        "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
        changed("ec2.Subnet network-isolated-10.30.0.0-18", "mapPublicIpOnLaunch", True),
        "now also: anyone may reach what starts in ec2.Subnet network-isolated-10.30.0.0-18",
    ),
    case(
        f"{RULES}: what is in a range that was let in already is nothing new",
        rule(IN, "one", cidrIpv4="203.0.113.7/32"),
        first=rule(IN, "all", cidrIpv4="203.0.113.0/24", toPort=6000),
    ),
]


@pytest.mark.parametrize("each", CASES, ids=str)
def test_who_reaches_what(each):
    assert told(each) == expected(each)
