"""Rules for what an RDS instance is, whether primary or replica: hardened, and monitored."""

from functools import partial
from typing import Final

from graph.model import Resource
from policies.predicates import GIVEN, OFF, ON, Must, matches, one_of
from policies.rule import Property, Rule

INSTANCE: Final = "aws:rds/instance:Instance"

SECONDS: Final = (1, 5, 10, 15, 30, 60)
MONTHS: Final = (7, *range(31, 24 * 31, 31), 731)

OWN_PORT: Final = Must(
    "is 1150 to 65535, and not 5432", lambda port: port in range(1150, 65536) and port != 5432
)


def primary(instance: Resource) -> bool:
    """Whether it has its own data: a replica takes its engine, user and backups from another."""
    return "replicateSourceDb" not in instance.inputs


def observed(instance: Resource) -> bool:
    """Whether Performance Insights are wanted."""
    return instance.inputs.get("performanceInsightsEnabled") is True


_instance = partial(Property, type=INSTANCE)

ROWS: Final[tuple[Rule, ...]] = (
    _instance(
        name="database-not-public",
        path="publiclyAccessible",
        must=OFF,
        controls=["7.1"],
        fix="set publiclyAccessible to false: it is reached from inside the VPC",
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
    _instance(
        name="database-deletion-protected",
        path="deletionProtection",
        must=ON,
        controls=["7.5", "7.29"],
        fix="set deletionProtection to true",
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
    _instance(
        name="database-minors-automatic",
        path="autoMinorVersionUpgrade",
        must=ON,
        controls=["7.12", "7.29"],
        fix="set autoMinorVersionUpgrade to true: minors are security fixes",
    ),
    _instance(
        name="database-authority-current",
        path="caCertIdentifier",
        must=matches(r"rds-ca-(rsa2048|rsa4096|ecc384)-g1", "is one of the g1 authorities"),
        controls=["7.21"],
        fix="set caCertIdentifier to rds-ca-rsa2048-g1",
    ),
    _instance(
        name="database-maintained-when-it-is-quiet",
        path="maintenanceWindow",
        must=GIVEN,
        controls=[],
        fix="set maintenanceWindow: RDS else picks an hour, which may be the busiest",
        severity="low",
    ),
    _instance(
        name="database-monitored",
        path="monitoringInterval",
        must=one_of(*SECONDS),
        controls=["7.8", "7.29"],
        fix="set monitoringInterval to 60 seconds or less; 0 is off",
        production=True,
    ),
    _instance(
        name="database-monitoring-may-write",
        path="monitoringRoleArn",
        must=GIVEN,
        controls=["7.8", "7.29"],
        fix="set monitoringRoleArn: monitoring asks for it",
        only=lambda r: bool(r.inputs.get("monitoringInterval")),
        production=True,
    ),
    _instance(
        name="database-insights-on",
        path="performanceInsightsEnabled",
        must=ON,
        controls=["7.9", "7.29"],
        fix="set performanceInsightsEnabled to true: seven days of it are free",
    ),
    _instance(
        name="database-insights-under-own-key",
        path="performanceInsightsKmsKeyId",
        must=GIVEN,
        controls=["7.9", "7.29"],
        fix="set performanceInsightsKmsKeyId: statements show there as they were written",
        only=observed,
    ),
    _instance(
        name="database-insights-kept",
        path="performanceInsightsRetentionPeriod",
        must=one_of(*MONTHS),
        controls=["7.9"],
        fix="set performanceInsightsRetentionPeriod to 7, 731 or a month's multiple of 31",
        only=observed,
    ),
)


RULES: Final[tuple[Rule, ...]] = ROWS
