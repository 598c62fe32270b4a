"""Rules for AWS Backup's snapshots: how long they are kept, and that they are made and tried."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import value, values
from policies.predicates import GIVEN, NOT_ON, Must, between, includes
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.backups import PLAN, RESTORE_TEST, SELECTION
from policies.rules.data.instance import INSTANCE, primary
from policies.rules.data.vault import LOCK, NOTICES, VAULT
from policies.stack import Stack

TESTED: Final = "aws:backup/restoreTestingSelection:RestoreTestingSelection"

SEVEN_YEARS: Final = 7 * 365 + 2
DAY_MINUTES: Final = 24 * 60
START_MINUTES: Final = 8 * 60
YOUNG_DAYS: Final = 60

EVENTS: Final = ("BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED")
"""A job that failed is completed too, and says so; only for copies is there an event of its own.
https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html"""


def _row(
    name: str,
    kind: str,
    path: str,
    must: Must,
    control: str,
    why: str,
    *,
    production: bool = True,
) -> Property:
    return Property(
        name=name,
        type=kind,
        path=path,
        must=must,
        controls=[control],
        fix=f"set {path}: {why}",
        production=production,
    )


_test = partial(_row, control="12.10")
_plan = partial(_row, kind=PLAN, production=False)

ROWS: Final[tuple[Rule, ...]] = (
    _plan(
        name="snapshots-expire",
        path="rules[*].lifecycle.deleteAfter",
        must=between(1, SEVEN_YEARS),
        control="12.5",
        why="unset, snapshots are kept, and billed, for ever; seven years is the longest asked for",
    ),
    _plan(
        name="snapshots-start-in-time",
        path="rules[*].startWindow",
        must=between(60, START_MINUTES),
        control="12.2",
        why="a job that waits for eight hours runs into the database's own backup",
    ),
    _plan(
        name="snapshots-end-in-time",
        path="rules[*].completionWindow",
        must=between(60, 2 * DAY_MINUTES),
        control="12.2",
        why="a job that hangs is heard of when its window ends, after seven days if unset",
    ),
    _row(
        "vault-not-emptied",
        VAULT,
        "forceDestroy",
        NOT_ON,
        "12.7",
        "false, so that destroying a stack stops at a vault that has snapshots",
    ),
    _row(
        "vault-tells-of-jobs",
        NOTICES,
        "backupVaultEvents",
        includes(*EVENTS),
        "12.8",
        "what is not among them fails unheard",
    ),
    *(
        _test(name=f"restore-tests-{name}", kind=kind, path=path, must=must, why=why)
        for name, kind, path, must, why in (
            (
                "snapshots",
                RESTORE_TEST,
                "recoveryPointSelection.recoveryPointTypes",
                includes("SNAPSHOT"),
                "SNAPSHOT among them, or what the plan makes is not tried",
            ),
            (
                "what-is-young",
                RESTORE_TEST,
                "recoveryPointSelection.selectionWindowDays",
                between(1, YOUNG_DAYS),
                "an old snapshot says nothing of today's",
            ),
            (
                "start-in-time",
                RESTORE_TEST,
                "startWindowHours",
                between(1, 24),
                "within a day, or the next thing is in its way",
            ),
            (
                "end-in-time",
                TESTED,
                "validationWindowHours",
                between(0, 4),
                "what is restored costs what the original does, by the hour",
            ),
            *(
                (
                    name,
                    TESTED,
                    f"restoreMetadataOverrides.{key}",
                    GIVEN,
                    "what is not said is the account's default network",
                )
                for name, key in (
                    ("in-a-network", "dbSubnetGroupName"),
                    ("behind-a-group", "vpcSecurityGroupIds"),
                )
            ),
        )
    ),
)


@rule("12.6", fix="lower minRetentionDays, or keep snapshots as long", production=True)
def lock_takes_what_the_plan_makes(stack: Stack) -> Iterator[Judgement]:
    """A vault's lock lets in what is put there: AWS Backup fails a job whose days do not fit."""
    for lock in stack.of(LOCK):
        least = lock.inputs.get("minRetentionDays", 0)
        most = lock.inputs.get("maxRetentionDays") or SEVEN_YEARS
        days = [
            d for vault in stack.targets(lock, "backupVaultName", VAULT) for d in _put(stack, vault)
        ]
        known = [each for each in days if isinstance(each, int)]
        if UNKNOWN in (least, most) or UNKNOWN in days:
            yield undecided(lock, "how long snapshots are kept")
        elif any(not least <= each <= most for each in known):
            yield violated(lock, f"takes {least} to {most} days, and is given {known}")
        else:
            yield met(lock)


def _put(stack: Stack, vault: Resource) -> Iterator[Data]:
    """For how many days each rule of a plan keeps what it puts into the vault."""
    names = {vault.outputs.get("arn"), vault.id} - {UNKNOWN}
    for plan in stack.of(PLAN):
        for each in values(plan.inputs, "rules[*]"):
            for copy in (each, *values(each, "copyActions[*]")):
                where = {value(copy, "targetVaultName"), value(copy, "destinationVaultArn")}
                if where & names:
                    yield value(copy, "lifecycle.deleteAfter")
                elif UNKNOWN in where:
                    yield UNKNOWN


@rule("12.10", fix="name the database in protectedResourceArns", production=True)
def databases_restored(stack: Stack) -> Iterator[Judgement]:
    """Each database that a plan selects is restored now and then."""
    for database in filter(primary, stack.of(INSTANCE)):
        if not stack.companions(database, SELECTION, "resources[*]"):
            continue
        tests = stack.companions(database, TESTED, "protectedResourceArns[*]")
        whole = any(
            "*" in values(test.inputs, "protectedResourceArns[*]") for test in stack.of(TESTED)
        )
        yield met(database) if tests or whole else violated(database, "nobody tries to restore it")


RULES: Final[tuple[Rule, ...]] = (*ROWS, lock_takes_what_the_plan_makes, databases_restored)
