"""Rules for security groups and network ACLs: what can be reached, and from where."""

from collections.abc import Iterable, Iterator
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.predicates import ABSENT, GIVEN, matches
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.security.network import EVERYWHERE, VPC
from policies.stack import Stack

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
INGRESS: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
ACL: Final = "aws:ec2/networkAcl:NetworkAcl"
ACL_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule"

ONE_PORT: Final = matches(r"tcp|udp", "is tcp or udp, with its ports")
ADMINISTRATION: Final = (22, 3389)

ROWS: Final[tuple[Rule, ...]] = (
    Companion(
        name="vpc-default-group-owned",
        type=VPC,
        companion=DEFAULT_GROUP,
        by="vpcId",
        controls=["6.2"],
        fix="declare an ec2.DefaultSecurityGroup: AWS makes one that lets everything through",
    ),
    *(
        Property(
            name=f"default-group-without-{way}",
            type=DEFAULT_GROUP,
            path=way,
            must=ABSENT,
            controls=["6.2"],
            fix=f"set {way} to an empty list: what has no group of its own lands in this one",
        )
        for way in ("ingress", "egress")
    ),
    *(
        Property(
            name=f"group-without-inline-{way}",
            type=GROUP,
            path=way,
            must=ABSENT,
            controls=["6.14"],
            fix="declare vpc.SecurityGroup*Rule instead: the two kinds undo each other",
        )
        for way in ("ingress", "egress")
    ),
    *(
        Property(
            name=f"{way}-on-named-ports",
            type=kind,
            path="ipProtocol",
            must=ONE_PORT,
            controls=["6.6" if way == "egress" else "6.4"],
            fix="set ipProtocol to tcp with fromPort and toPort: -1 is everything",
        )
        for way, kind in (("ingress", INGRESS), ("egress", EGRESS))
    ),
    *(
        Property(
            name=f"{what}-described",
            type=kind,
            path="description",
            must=GIVEN,
            controls=["6.7"],
            fix="say in description what it is for: nobody removes what nobody understands",
        )
        for what, kind in (("group", GROUP), ("ingress", INGRESS), ("egress", EGRESS))
    ),
)


@rule("6.4", "6.5", "6.6", fix="set fromPort and toPort to the one port that is served")
def group_rules_for_one_port(stack: Stack) -> Iterator[Judgement]:
    """A security group's rule opens one port, not a range."""
    for each in stack.of(INGRESS, EGRESS):
        low, high = each.inputs.get("fromPort"), each.inputs.get("toPort")
        if UNKNOWN in (low, high):
            yield undecided(each, "fromPort")
        elif low is not None and low == high:
            yield met(each)
        else:
            yield violated(each, f"opens ports {low} to {high}")


@rule("6.4", "6.5", "6.6", fix="name a security group or a prefix list instead of addresses")
def group_rules_without_addresses(stack: Stack) -> Iterator[Judgement]:
    """A security group's rule names a group or a service's list, never addresses."""
    for each in stack.of(INGRESS, EGRESS):
        given = [each.inputs[key] for key in ("cidrIpv4", "cidrIpv6") if key in each.inputs]
        named = {"referencedSecurityGroupId", "prefixListId"} & each.inputs.keys()
        if given:
            yield violated(each, f"is for {', '.join(map(str, given))}")
        else:
            yield met(each) if named else violated(each, "names neither a group nor a prefix list")


@rule("6.8", fix="remove the security group, or use it")
def groups_in_use(stack: Stack) -> Iterator[Judgement]:
    """Every security group is something's, and not only other groups' rules'."""
    used = {
        urn
        for user in stack.graph.resources
        if user.type not in (INGRESS, EGRESS)
        for urns in user.property_dependencies.values()
        for urn in urns
        if urn != user.urn
    }
    for group in stack.of(GROUP):
        yield met(group) if group.urn in used else violated(group, "nothing is in it")


@rule("6.6", fix="declare a vpc.SecurityGroupEgressRule of the group that is let in")
def ways_in_have_a_way_out(stack: Stack) -> Iterator[Judgement]:
    """What one group lets in from another, the other lets out: else nobody arrives."""
    for way in stack.of(INGRESS):
        for source in stack.targets(way, "referencedSecurityGroupId", GROUP):
            goals = stack.targets(way, "securityGroupId", GROUP)
            ways_out = [
                other
                for other in stack.companions(source, EGRESS, "securityGroupId")
                if any(g in stack.targets(other, "referencedSecurityGroupId", GROUP) for g in goals)
                and _meet(way, other)
            ]
            yield met(way) if ways_out else violated(way, f"{source.label} lets nothing out to it")


def _meet(one: Resource, other: Resource) -> bool:
    """Whether both are about the same port, as far as that is known."""
    ports = {each.inputs.get("toPort") for each in (one, other)}
    return len(ports - {UNKNOWN}) < 2


@rule("6.12", fix="deny in the NetworkAcl, or leave the default one to the security groups")
def network_acls_closed(stack: Stack) -> Iterator[Judgement]:
    """No network ACL lets the internet in to the ports of administrators."""
    for acl in stack.of(ACL):
        ways = acl.inputs.get("ingress") or ()
        yield _closed(acl, [UNKNOWN] if ways is UNKNOWN else ways)
    for each in stack.of(ACL_RULE):
        if each.inputs.get("egress") is not True:
            yield _closed(each, [{**each.inputs, "action": each.inputs.get("ruleAction")}])


def _closed(resource: Resource, ways: Iterable[Data]) -> Judgement:
    found = [_lets_in(way) for way in ways]
    if True in found:
        return violated(resource, "lets the internet in")
    return undecided(resource, "whom it lets in") if None in found else met(resource)


def _lets_in(way: Data) -> bool | None:
    if way is UNKNOWN:
        return None
    low, high = way.get("fromPort") or 0, way.get("toPort") or 65_535
    ends = {way.get("cidrBlock"), way.get("ipv6CidrBlock")}
    if UNKNOWN in (low, high, way.get("action"), *ends):
        return None
    reached = any(low <= port <= high for port in ADMINISTRATION)
    return way.get("action") == "allow" and bool(ends & EVERYWHERE) and reached


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    group_rules_for_one_port,
    group_rules_without_addresses,
    groups_in_use,
    ways_in_have_a_way_out,
    network_acls_closed,
)
