"""Rules for gateway endpoints: S3 and DynamoDB without a way to the internet."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Resource, Unknown
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.security.groups import EGRESS
from policies.rules.security.network import ASSOCIATION, ROUTE_TABLE, VPC
from policies.stack import Stack

ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"


@rule("6.10", fix="declare ec2.VpcEndpoint of type Gateway for s3 and dynamodb, which are free")
def gateway_endpoints(stack: Stack) -> Iterator[Judgement]:
    """S3 and DynamoDB are reached without leaving the VPC."""
    for vpc in stack.of(VPC):
        found = [e.inputs.get("serviceName") for e in stack.companions(vpc, ENDPOINT, "vpcId")]
        missing = {"s3", "dynamodb"} - {str(name).rpartition(".")[2] for name in found}
        if not missing:
            yield met(vpc)
        elif UNKNOWN in found:
            yield undecided(vpc, "serviceName")
        else:
            yield violated(vpc, f"no endpoint for {', '.join(sorted(missing))}")


@rule("6.10", fix="name the route tables of all subnets in routeTableIds")
def gateway_endpoints_routed(stack: Stack) -> Iterator[Judgement]:
    """A gateway endpoint is in the route table of some subnet: without one nothing goes there."""
    for endpoint in stack.of(ENDPOINT):
        if endpoint.inputs.get("vpcEndpointType") not in (None, "Gateway"):
            continue
        tables = stack.targets(endpoint, "routeTableIds[*]", ROUTE_TABLE)
        used = [t for t in tables if stack.companions(t, ASSOCIATION, "routeTableId")]
        yield met(endpoint) if used else violated(endpoint, "no subnet's routes lead to it")


@rule("6.6", "6.10", fix="declare a vpc.SecurityGroupEgressRule to the endpoint's prefix list")
def gateway_endpoints_reached(stack: Stack) -> Iterator[Judgement]:
    """Where nothing leaves a group but by name, some group lets out to each gateway endpoint."""
    for endpoint in stack.of(ENDPOINT):
        if endpoint.inputs.get("vpcEndpointType") not in (None, "Gateway"):
            continue
        ways = [each for each in stack.of(EGRESS) if _to_list(each, endpoint)]
        yield met(endpoint) if ways else violated(endpoint, "no security group lets out to it")


def _to_list(way: Resource, endpoint: Resource) -> bool:
    given, own = way.inputs.get("prefixListId"), endpoint.outputs.get("prefixListId")
    if isinstance(given, str) and isinstance(own, str):
        return given == own
    return endpoint.urn in way.property_dependencies.get("prefixListId", ())


@rule("6.11", fix="add conditions on aws:PrincipalAccount and aws:ResourceAccount", production=True)
def endpoint_for_own_account(stack: Stack) -> Iterator[Judgement]:
    """What leaves by an endpoint is from this account and for it: stolen keys are no use there."""
    for endpoint in stack.of(ENDPOINT):
        statements = stack.statements(endpoint, "policy")
        if isinstance(statements, Unknown):
            yield undecided(endpoint, "policy")
            continue
        tied = [
            s.limit("aws:PrincipalAccount") and s.limit("aws:ResourceAccount")
            for s in statements
            if s.allows
        ]
        yield (
            met(endpoint) if tied and all(tied) else violated(endpoint, "lets other accounts by")
        )


RULES: Final[tuple[Rule, ...]] = (
    gateway_endpoints,
    gateway_endpoints_routed,
    gateway_endpoints_reached,
    endpoint_for_own_account,
)
