"""Rules for RDS instances and their replicas: where they are, what is kept, what brings it back."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import Resource
from policies.predicates import (
    GIVEN,
    NOT_ON,
    OFF,
    ON,
    Must,
    between,
    matches,
)
from policies.rule import Judgement, Property, Rule, met, rule, violated
from policies.stack import Stack

INSTANCE: Final = "aws:rds/instance:Instance"
PARAMETERS: Final = "aws:rds/parameterGroup:ParameterGroup"
COPY: Final = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"

OWN_PORT: Final = Must(
    "is 1150 to 65535, and not 5432", lambda port: port in range(1150, 65536) and port != 5432
)


def primary(instance: Resource) -> bool:
    """Whether it has its own data: a replica takes its engine, user and backups from another."""
    return "replicateSourceDb" not in instance.inputs


_instance = partial(Property, type=INSTANCE)
_primary = partial(Property, type=INSTANCE, only=primary)


ROWS: Final[tuple[Rule, ...]] = (
    _instance(
        name="database-not-public",
        path="publiclyAccessible",
        must=OFF,
        controls=["7.1"],
        fix="set publiclyAccessible to false: it is reached from inside the VPC",
    ),
    _primary(
        name="database-in-named-subnets",
        path="dbSubnetGroupName",
        must=GIVEN,
        controls=["7.2"],
        fix="set dbSubnetGroupName: without it the instance is in the default VPC",
    ),
    _instance(
        name="database-in-named-groups",
        path="vpcSecurityGroupIds",
        must=GIVEN,
        controls=["7.2"],
        fix="set vpcSecurityGroupIds: without them it is in the default group",
    ),
    _instance(
        name="database-encrypted",
        path="storageEncrypted",
        must=ON,
        controls=["7.3", "7.26", "7.29"],
        fix="set storageEncrypted to true: later it takes a restore",
    ),
    _instance(
        name="database-under-own-key",
        path="kmsKeyId",
        must=GIVEN,
        controls=["7.3", "7.26", "7.29"],
        fix="set kmsKeyId to the platform's key: RDS's own cannot be shared or revoked",
    ),
    _primary(
        name="database-in-two-zones",
        path="multiAz",
        must=ON,
        controls=["7.4"],
        fix="set multiAz to true: the loss of a zone is then a minute's, not an hour's",
        production=True,
    ),
    _instance(
        name="database-deletion-protected",
        path="deletionProtection",
        must=ON,
        controls=["7.5", "7.29"],
        fix="set deletionProtection to true",
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
    _instance(
        name="database-snapshots-tagged",
        path="copyTagsToSnapshot",
        must=ON,
        controls=["7.7", "7.29"],
        fix="set copyTagsToSnapshot to true",
    ),
    _instance(
        name="database-signs-in-by-iam",
        path="iamDatabaseAuthenticationEnabled",
        must=ON,
        controls=["7.11", "7.29"],
        fix="set iamDatabaseAuthenticationEnabled to true: there is no password to lose",
    ),
    _instance(
        name="database-port-of-its-own",
        path="port",
        must=OWN_PORT,
        controls=["7.15"],
        fix="set port to another than Postgres's own 5432",
    ),
    _primary(
        name="database-master-not-a-known-name",
        path="username",
        must=matches(r"(?!postgres$|admin$|root$|master$|rdsadmin$).+", "is a name of its own"),
        controls=["7.16"],
        fix="choose another username than those everybody tries",
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
)


@rule("7.27", fix="declare an rds.InstanceAutomatedBackupsReplication", production=True)
def backups_in_another_region(stack: Stack) -> Iterator[Judgement]:
    """Backups of a primary are copied to another Region."""
    for instance in filter(primary, stack.of(INSTANCE)):
        copied = stack.companions(instance, COPY, "sourceDbInstanceArn")
        yield met(instance) if copied else violated(instance, "its backups are in one Region")


@rule("7.29", fix="set availabilityZone to another than the primary's", production=True)
def replicas_in_other_zones(stack: Stack) -> Iterator[Judgement]:
    """A replica is in a zone it was put in: RDS might choose the primary's."""
    for instance in stack.of(INSTANCE):
        if not primary(instance):
            placed = "availabilityZone" in instance.inputs
            yield met(instance) if placed else violated(instance, "is where RDS puts it")


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    backups_in_another_region,
    replicas_in_other_zones,
)
