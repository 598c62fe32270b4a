"""Rules for what becomes of an RDS instance in time: versions, changes, storage."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN
from policies.predicates import GIVEN, NOT_ON, ON, equals, matches
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.database import INSTANCE, primary
from policies.stack import Stack

_instance = partial(Property, type=INSTANCE)
_primary = partial(Property, type=INSTANCE, only=primary)

ROWS: Final[tuple[Rule, ...]] = (
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
    *(
        of(
            name=f"database-{what}-when-it-is-quiet",
            path=path,
            must=GIVEN,
            controls=[],
            fix=f"set {path}: RDS else picks an hour, which may be the busiest",
            severity="low",
        )
        for of, what, path in (
            (_primary, "backed-up", "backupWindow"),
            (_instance, "maintained", "maintenanceWindow"),
        )
    ),
)


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


RULES: Final[tuple[Rule, ...]] = (*ROWS, database_storage_grows)
