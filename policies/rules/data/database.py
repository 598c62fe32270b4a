"""Rules for the primary: what it runs, who reaches it, and what brings it back."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Resource
from policies.predicates import GIVEN, NOT_ON, OFF, ON, between, equals, items_at_least, matches
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.instance import INSTANCE, primary
from policies.rules.data.proxy import PROXY
from policies.rules.security.groups import GROUP, INGRESS
from policies.stack import Stack

SUBNETS: Final = "aws:rds/subnetGroup:SubnetGroup"
CLUSTER: Final = "aws:rds/cluster:Cluster"
COPY: Final = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"

_primary = partial(Property, type=INSTANCE, only=primary)

ROWS: Final[tuple[Rule, ...]] = (
    _primary(
        name="database-in-named-subnets",
        path="dbSubnetGroupName",
        must=GIVEN,
        controls=["7.2"],
        fix="set dbSubnetGroupName: without it the instance is in the default VPC",
    ),
    _primary(
        name="database-in-two-zones",
        path="multiAz",
        must=ON,
        controls=["7.4"],
        fix="set multiAz to true: the loss of a zone is then a minute's, not an hour's",
        production=True,
    ),
    _primary(
        name="database-backed-up",
        path="backupRetentionPeriod",
        must=between(7, 35),
        controls=["7.6"],
        fix="set backupRetentionPeriod to 7 days or more; RDS keeps 35 at most",
    ),
    _primary(
        name="database-backups-outlive-it",
        path="deleteAutomatedBackups",
        must=OFF,
        controls=["7.28"],
        fix="set deleteAutomatedBackups to false: they are what brings it back",
        production=True,
    ),
    _primary(
        name="database-master-not-a-known-name",
        path="username",
        must=matches(r"(?!postgres$|admin$|root$|master$|rdsadmin$).+", "is a name of its own"),
        controls=["7.16"],
        fix="choose another username than those everybody tries",
    ),
    _primary(
        name="database-version-supported",
        path="engineVersion",
        must=matches(r"1[6-9](\..*)?", "is 16 or later"),
        controls=["7.22"],
        fix="set engineVersion to a major that AWS supports without extra cost",
    ),
    _primary(
        name="database-without-extended-support",
        path="engineLifecycleSupport",
        must=equals("open-source-rds-extended-support-disabled"),
        controls=["7.22"],
        fix="set engineLifecycleSupport to open-source-rds-extended-support-disabled",
    ),
    _primary(
        name="database-not-changed-at-once",
        path="applyImmediately",
        must=NOT_ON,
        controls=["7.4"],
        fix="leave changes to the maintenance window",
        production=True,
    ),
    _primary(
        name="database-final-snapshot",
        path="skipFinalSnapshot",
        must=NOT_ON,
        controls=["7.28"],
        fix="set skipFinalSnapshot to false, with a finalSnapshotIdentifier",
        production=True,
    ),
    _primary(
        name="database-final-snapshot-named",
        path="finalSnapshotIdentifier",
        must=GIVEN,
        controls=["7.28"],
        fix="set finalSnapshotIdentifier: without it the instance cannot be deleted in order",
        production=True,
    ),
    _primary(
        name="database-backed-up-when-it-is-quiet",
        path="backupWindow",
        must=GIVEN,
        controls=[],
        fix="set backupWindow: RDS else picks an hour, which may be the busiest",
        severity="low",
    ),
    Property(
        name="database-subnets-in-zones",
        type=SUBNETS,
        path="subnetIds",
        must=items_at_least(2),
        controls=["7.2"],
        fix="name subnets in two zones or more: RDS asks for them even where one would do",
    ),
)


@rule("7.27", fix="declare an rds.InstanceAutomatedBackupsReplication", production=True)
def backups_in_another_region(stack: Stack) -> Iterator[Judgement]:
    """Backups of a primary are copied to another Region."""
    for instance in filter(primary, stack.of(INSTANCE)):
        copied = stack.companions(instance, COPY, "sourceDbInstanceArn")
        yield met(instance) if copied else violated(instance, "its backups are in one Region")


@rule(
    "7.4",
    production=True,
    fix="set maxAllocatedStorage to 1.1 to 10 times allocatedStorage, which RDS asks for and which "
    "somebody has thought about",
)
def database_storage_grows(stack: Stack) -> Iterator[Judgement]:
    """Storage grows before it is full, which would stop the database, and not without end.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    """
    for instance in filter(primary, stack.of(INSTANCE)):
        size, most = (instance.inputs.get(k) for k in ("allocatedStorage", "maxAllocatedStorage"))
        if UNKNOWN in (size, most):
            yield undecided(instance, "allocatedStorage")
        elif size and most and 11 * size <= 10 * most <= 100 * size:
            yield met(instance)
        else:
            yield violated(instance, f"has {size or 0} GiB that grow to {most or 0}")


@rule("6.5", "7.1", fix="let in the security group of what connects, on the database's port")
def database_reached_from_inside(stack: Stack) -> Iterator[Judgement]:
    """Only security groups of the stack reach an instance or a proxy, and only on its port."""
    for store in stack.of(INSTANCE, PROXY, CLUSTER):
        groups = stack.targets(store, "vpcSecurityGroupIds[*]", GROUP)
        ways = [way for g in groups for way in stack.companions(g, INGRESS, "securityGroupId")]
        others = [
            way
            for way in ways
            if not stack.targets(way, "referencedSecurityGroupId", GROUP)
            or not _on(way, store.inputs.get("port"))
        ]
        if others:
            yield violated(store, f"{others[0].label} lets others in")
        else:
            yield met(store) if ways else violated(store, "no security group lets anything in")


def _on(way: Resource, port: object) -> bool:
    """Whether it opens that port alone, if one is given and known."""
    ends = (way.inputs.get("fromPort"), way.inputs.get("toPort"))
    return port is None or UNKNOWN in (*ends, port) or ends == (port, port)


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    backups_in_another_region,
    database_storage_grows,
    database_reached_from_inside,
)
