"""Rules for Lambda functions in a VPC, and for those that must be in one."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Resource, Unknown
from policies.paths import values
from policies.predicates import GIVEN
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.api.function import FUNCTION, allowed
from policies.stack import Stack

SUBNET: Final = "aws:ec2/subnet:Subnet"
CONNECTS: Final = "rds-db:connect"


def _in_vpc(function: Resource) -> bool:
    return bool(function.inputs.get("vpcConfig"))


ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="function-network-guarded",
        type=FUNCTION,
        path="vpcConfig.securityGroupIds[*]",
        must=GIVEN,
        controls=["4.7"],
        fix="set vpcConfig.securityGroupIds: without one the VPC's default group is used",
        only=_in_vpc,
    ),
)


@rule("4.7", fix="set vpcConfig.subnetIds and securityGroupIds, where the database is")
def database_callers_in_vpc(stack: Stack) -> Iterator[Judgement]:
    """A function that may sign in to a database is in a VPC with it."""
    for function in stack.of(FUNCTION):
        actions = allowed(stack, function)
        if _in_vpc(function) and actions is not UNKNOWN:
            yield met(function)
        elif isinstance(actions, Unknown):
            yield undecided(function, "its role's policy")
        elif CONNECTS in actions:
            yield violated(function, f"may {CONNECTS} and is in no VPC")


@rule("4.8", fix="name subnets of two zones at least in vpcConfig.subnetIds")
def function_in_two_zones(stack: Stack) -> Iterator[Judgement]:
    """A function in a VPC goes on when a zone fails."""
    for function in stack.of(FUNCTION):
        if not _in_vpc(function):
            continue
        subnets = stack.targets(function, "vpcConfig.subnetIds[*]", SUBNET)
        zones = {subnet.inputs.get("availabilityZone") for subnet in subnets}
        if len(zones - {None, UNKNOWN}) >= 2:
            yield met(function)
        elif UNKNOWN in zones or UNKNOWN in values(function.inputs, "vpcConfig.subnetIds[*]"):
            yield undecided(function, "in which zones its subnets are")
        else:
            yield violated(function, f"is in {len(subnets)} subnets of {len(zones)} zones")


RULES: Final[tuple[Rule, ...]] = (*ROWS, database_callers_in_vpc, function_in_two_zones)
