"""Rules for the VPC: its addresses, subnets and routes."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.predicates import NOT_ON, ON, Must
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

VPC: Final = "aws:ec2/vpc:Vpc"
SUBNET: Final = "aws:ec2/subnet:Subnet"
ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
ROUTE: Final = "aws:ec2/route:Route"
GATEWAYS: Final = (
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
)
NAT: Final = "aws:ec2/natGateway:NatGateway"
ADDRESS: Final = "aws:ec2/eip:Eip"

EVERYWHERE: Final = {"0.0.0.0/0", "::/0"}
INSIDE: Final = tuple(
    map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
)
"""Addresses the internet does not route:
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"""


def _inside(value: Data) -> bool:
    try:
        network = IPv4Network(value)
    except ValueError:
        return False
    return 16 <= network.prefixlen <= 28 and any(network.subnet_of(each) for each in INSIDE)


PRIVATE: Final = Must("is a network of private addresses, from /16 to /28", _inside)

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="subnet-without-public-addresses",
        type=SUBNET,
        path="mapPublicIpOnLaunch",
        must=NOT_ON,
        controls=["6.3"],
        fix="set mapPublicIpOnLaunch to false",
    ),
    *(
        Property(
            name=f"vpc-with-{what}",
            type=VPC,
            path=path,
            must=ON,
            controls=["6.10"],
            fix=f"set {path} to true: endpoints and RDS are found by name",
        )
        for what, path in (
            ("dns-names", "enableDnsHostnames"),
            ("dns", "enableDnsSupport"),
        )
    ),
    *(
        Property(
            name=f"{kind.rpartition(':')[2].lower()}-of-private-addresses",
            type=kind,
            path="cidrBlock",
            must=PRIVATE,
            controls=["6.9"],
            fix="set cidrBlock to a network of 10.0.0.0/8, from /16 to /28 as AWS has them",
            only=lambda resource: "ipv4IpamPoolId" not in resource.inputs,
        )
        for kind in (VPC, SUBNET)
    ),
    Property(
        name="vpc-without-public-addresses",
        type=VPC,
        path="assignGeneratedIpv6CidrBlock",
        must=NOT_ON,
        controls=["6.9"],
        fix="leave assignGeneratedIpv6CidrBlock: IPv6 addresses are public ones",
    ),
)


@rule("6.9", "7.2", fix="give the subnet a route table of its own, without a route to a gateway")
def subnets_isolated(stack: Stack) -> Iterator[Judgement]:
    """No subnet has a way to or from the internet, but by a NAT gateway, and those such gateways
    are in."""
    for subnet in stack.of(SUBNET):
        if stack.companions(subnet, NAT, "subnetId"):
            continue
        tables = [
            table
            for association in stack.companions(subnet, ASSOCIATION, "subnetId")
            for table in stack.targets(association, "routeTableId", ROUTE_TABLE)
        ]
        routes = [r for table in tables for r in stack.companions(table, ROUTE, "routeTableId")]
        leaving = {each.label: _leaves(stack, each) for each in (*routes, *tables)}
        if not tables:
            yield violated(subnet, "has the VPC's main route table: name one of its own")
        elif True in leaving.values():
            by = next(label for label, leaves in leaving.items() if leaves)
            yield violated(subnet, f"{by} leads to the internet")
        elif None in leaving.values():
            yield undecided(subnet, "where its routes lead")
        else:
            yield met(subnet)


def _leaves(stack: Stack, route: Resource) -> bool | None:
    """Whether a route, or one of a table's own, leads to the internet; None where that is
    unknown."""
    inline = route.inputs.get("routes") or ()
    if inline is UNKNOWN:
        return None
    if stack.targets(route, "gatewayId", *GATEWAYS):
        return True
    found = [_to_everywhere(each) for each in (route.inputs, *inline)]
    return True if True in found else None if None in found else False


def _to_everywhere(route: Data) -> bool | None:
    keys = ("destinationCidrBlock", "destinationIpv6CidrBlock", "cidrBlock", "ipv6CidrBlock")
    if route is UNKNOWN:
        return None
    ends = {route.get(key) for key in keys}
    if ends & EVERYWHERE:
        return "natGatewayId" not in route
    return None if UNKNOWN in ends else False


@rule("6.9", fix="declare subnets in two zones or more")
def vpc_over_zones(stack: Stack) -> Iterator[Judgement]:
    """A VPC's subnets are in more than one zone."""
    for vpc in stack.of(VPC):
        zones = _zones(stack.companions(vpc, SUBNET, "vpcId"))
        if len(zones - {UNKNOWN}) > 1:
            yield met(vpc)
        elif UNKNOWN in zones:
            yield undecided(vpc, "availabilityZone")
        else:
            yield violated(vpc, f"its subnets are in {len(zones)} zone")


def _zones(subnets: list[Resource]) -> set[Data]:
    named = ("availabilityZone", "availabilityZoneId")
    return {s.inputs[key] for s in subnets for key in named if key in s.inputs}


@rule("6.13", fix="release the address, or attach it to a NAT gateway")
def addresses_in_use(stack: Stack) -> Iterator[Judgement]:
    """A public address belongs to a NAT gateway."""
    for address in stack.of(ADDRESS):
        used = stack.companions(address, NAT, "allocationId")
        yield met(address) if used else violated(address, "no NAT gateway has it")


@rule("6.15", fix="declare a NAT gateway in each zone", production=True)
def nat_in_each_zone(stack: Stack) -> Iterator[Judgement]:
    """Where functions leave by NAT, one zone's end does not cut the others off."""
    gateways, zones = stack.of(NAT), _zones(stack.of(SUBNET))
    for gateway in gateways:
        if len(gateways) >= len(zones - {UNKNOWN}) and UNKNOWN not in zones:
            yield met(gateway)
        elif len(gateways) < len(zones - {UNKNOWN}):
            yield violated(gateway, f"{len(gateways)} for {len(zones)} zones")
        else:
            yield undecided(gateway, "availabilityZone")


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    subnets_isolated,
    vpc_over_zones,
    addresses_in_use,
    nat_in_each_zone,
)
