"""Who reaches what over the network: groups' rules of all types, ways to the internet, addresses.

Not looked at: network ACLs, peers' own routes, addresses that are drawn and attached later.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from graph.access.model import Access
from graph.access.names import Names
from graph.access.patterns import UNKNOWN_OF, Cidr, Glob, Pattern, Ports
from graph.access.who import ANYONE, Kind, Who, is_ours, plain
from graph.model import Data, Resource, Unknown

PEERS: Final = {
    "cidrIpv4": Cidr,
    "cidrIpv6": Cidr,
    "cidrBlocks": Cidr,
    "ipv6CidrBlocks": Cidr,
    "referencedSecurityGroupId": Glob,
    "sourceSecurityGroupId": Glob,
    "securityGroups": Glob,
    "prefixListId": Glob,
    "prefixListIds": Glob,
}
"""What a rule calls its other side, in one type or another."""
ALL: Final = ("-1", "all")
PUBLIC: Final = {
    "associatePublicIpAddress": "reach",
    "assignPublicIp": "reach",
    "endpointPublicAccess": "reach",
    "mapPublicIpOnLaunch": "reach what starts in",
    "publiclyAccessible": "reach",
}
"""The properties, true, by which something has an address on the internet, of whatever type."""
PRIVATE: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")


def addresses(resource: Resource, names: Names) -> Iterator[Access]:
    """What anybody can reach, as far as groups let them."""
    own = names.own(resource)
    found = [key for key in PUBLIC if resource.inputs.get(key) is True]
    found += [key for key in ("internal",) if _faces(resource)]
    for key in found:
        yield Access(
            who=ANYONE,
            principal=Glob("*"),
            action=Glob(f"{PUBLIC.get(key, 'reach')}"),
            resource=Glob(own),
            target=own,
            through=resource,
        )


def _faces(resource: Resource) -> bool:
    balancer = resource.type.rpartition(":")[2] == "LoadBalancer"
    return balancer and resource.inputs.get("internal") is not True


def _rule(resource: Resource, names: Names) -> Iterator[Access]:
    """A rule that is a resource of its own."""
    inward = "Ingress" in resource.type or resource.inputs.get("type") == "ingress"
    group = names.what(resource, "securityGroupId")
    yield from _peers(resource, resource.inputs, group, names, inward=inward)


def _group(resource: Resource, names: Names) -> Iterator[Access]:
    """The rules that a group is declared with."""
    for key, inward in (("ingress", True), ("egress", False)):
        for rule in resource.inputs.get(key) or ():
            if isinstance(rule, Mapping):
                own = names.own(resource)
                yield from _peers(resource, rule, own, names, inward=inward, within=key)


def _peers(
    resource: Resource,
    rule: Mapping[str, Any],
    group: str,
    names: Names,
    *,
    inward: bool,
    within: str = "",
) -> Iterator[Access]:
    ports = _ports(rule)
    peers = [(key, value) for key in PEERS for value in _list(rule.get(key))]
    if rule.get("self") is True:
        yield _reach(Glob(group), ports, group, resource, inward=inward)
    for key, value in peers:
        text = names.of(resource, within or key, value)
        kind = Cidr if PEERS[key] is Cidr and UNKNOWN_OF not in text else Glob
        yield _reach(kind(text), ports, group, resource, inward=inward)


def _reach(peer: Pattern, ports: Ports, group: str, resource: Resource, *, inward: bool) -> Access:
    other = _who(peer)
    ours = Who(Kind.OURS, plain(group))
    return Access(
        who=other if inward else ours,
        principal=peer if inward else Glob(group),
        action=ports,
        resource=Glob(group) if inward else peer,
        target=f"{group} {'in' if inward else 'out'}",
        through=resource,
        outward=not inward and other.kind not in (Kind.OURS, Kind.SERVICE),
    )


def _who(peer: Pattern) -> Who:
    """Whose the addresses are: private ones are of this network, or of one it is joined with."""
    text = str(peer)
    if isinstance(peer, Cidr):
        if peer.anywhere:
            return Who(Kind.EVERYBODY, f"anyone ({text})")
        ours = any(Cidr(each).covers(peer) for each in PRIVATE)
        return Who(Kind.OURS if ours else Kind.STRANGER, text)
    if is_ours(text):
        endpoint = "VpcEndpoint" in text
        return Who(Kind.SERVICE if endpoint else Kind.OURS, plain(text))
    return Who(Kind.UNKNOWN, plain(text))


def _ports(rule: Mapping[str, Any]) -> Ports:
    protocol = str(rule.get("ipProtocol", rule.get("protocol", "-1"))).lower()
    first, last = rule.get("fromPort"), rule.get("toPort")
    if protocol in ALL or not isinstance(first, int) or not isinstance(last, int):
        return Ports("-1" if protocol in ALL else protocol)
    return Ports(protocol, first, last)


def _route(resource: Resource, names: Names) -> Iterator[Access]:
    yield from _way(resource, resource.inputs, names.what(resource, "routeTableId"), names, "")


def _table(resource: Resource, names: Names) -> Iterator[Access]:
    for route in resource.inputs.get("routes") or ():
        if isinstance(route, Mapping):
            yield from _way(resource, route, names.own(resource), names, "routes")


def _way(
    resource: Resource, route: Mapping[str, Any], table: str, names: Names, within: str
) -> Iterator[Access]:
    """https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html"""
    for key in ("gatewayId", "natGatewayId", "egressOnlyGatewayId"):
        value = route.get(key)
        if not value:
            continue
        gateway = names.of(resource, within or key, value)
        if key == "gatewayId" and not ("InternetGateway" in gateway or "igw-" in gateway):
            continue
        both = key == "gatewayId"
        through = Glob(table) if both else Glob("the internet")
        yield Access(
            who=ANYONE if both else Who(Kind.OURS, f"what is behind {plain(table)}"),
            principal=Glob("*" if both else table),
            action=Glob("reach what is behind" if both else "reach"),
            resource=through,
            target=table,
            through=resource,
            outward=not both,
        )
    for key in ("vpcPeeringConnectionId", "transitGatewayId"):
        if route.get(key):
            other = names.of(resource, within or key, route[key])
            yield Access(
                who=Who(Kind.UNKNOWN, f"the network behind {plain(other)}"),
                principal=Glob(other),
                action=Glob("reach what is behind"),
                resource=Glob(table),
                target=table,
                through=resource,
            )


def _list(value: Data) -> list[Data]:
    if value is None:
        return []
    if isinstance(value, Unknown):
        return [value]
    return list(value) if isinstance(value, (list, tuple)) else [value]


SOURCES: Final[dict[str, Callable[[Resource, Names], Iterator[Access]]]] = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _group,
    "aws:ec2/route:Route": _route,
    "aws:ec2/routeTable:RouteTable": _table,
    "aws:ec2/securityGroup:SecurityGroup": _group,
    "aws:ec2/securityGroupRule:SecurityGroupRule": _rule,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _rule,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _rule,
}
