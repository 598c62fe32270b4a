"""Rules for AWS Backup: the vaults that snapshots are in."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Data, Resource, Unknown
from policies.documents import Statement
from policies.paths import value, values
from policies.predicates import GIVEN, NOT_ON, at_least, includes
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.backups import PLAN, SEVEN_YEARS
from policies.stack import Stack

VAULT: Final = "aws:backup/vault:Vault"
LOCK: Final = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
POLICY: Final = "aws:backup/vaultPolicy:VaultPolicy"
NOTICES: Final = "aws:backup/vaultNotifications:VaultNotifications"

EVENTS: Final = ("BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED")
"""A job that failed is completed too, and says so; only for copies is there an event of its own.
https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html"""

_vault = partial(Companion, type=VAULT, production=True)

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="backups-under-own-key",
        type=VAULT,
        path="kmsKeyArn",
        must=GIVEN,
        controls=["12.1"],
        fix="set kmsKeyArn to the platform's key",
    ),
    Property(
        name="vault-not-emptied",
        type=VAULT,
        path="forceDestroy",
        must=NOT_ON,
        controls=["12.7"],
        fix="set forceDestroy: false, so that destroying a stack stops at a vault that has "
        "snapshots",
        production=True,
    ),
    _vault(
        name="vault-locked",
        companion=LOCK,
        by="backupVaultName",
        controls=["12.6"],
        fix="declare a backup.VaultLockConfiguration",
    ),
    _vault(
        name="vault-failures-heard",
        companion=NOTICES,
        by="backupVaultName",
        controls=["12.8"],
        fix="declare backup.VaultNotifications to a topic",
    ),
    Property(
        name="vault-tells-of-jobs",
        type=NOTICES,
        path="backupVaultEvents",
        must=includes(*EVENTS),
        controls=["12.8"],
        fix="set backupVaultEvents: what is not among them fails unheard",
        production=True,
    ),
    Property(
        name="vault-lock-keeps",
        type=LOCK,
        path="minRetentionDays",
        must=at_least(1),
        controls=["12.6"],
        fix="set minRetentionDays: without it the lock lets everything go",
        production=True,
    ),
)


@rule(
    "12.7",
    fix="declare a backup.VaultPolicy that denies backup:DeleteRecoveryPoint to *",
    production=True,
)
def vault_refuses_deletion(stack: Stack) -> Iterator[Judgement]:
    """Nobody deletes a recovery point before its time, administrators included."""
    for vault in stack.of(VAULT):
        policies = stack.companions(vault, POLICY, "backupVaultName")
        found = [stack.statements(each, "policy") for each in policies]
        known = [s for several in found if not isinstance(several, Unknown) for s in several]
        if any(_refuses(statement) for statement in known):
            yield met(vault)
        elif UNKNOWN in found:
            yield undecided(vault, "its policy")
        else:
            yield violated(vault, "no VaultPolicy denies backup:DeleteRecoveryPoint")


def _refuses(statement: Statement) -> bool:
    named = {"*", "backup:*", "backup:DeleteRecoveryPoint"} & {*statement.actions}
    return not statement.allows and "*" in statement.who and bool(named)


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


RULES: Final[tuple[Rule, ...]] = (*ROWS, vault_refuses_deletion, lock_takes_what_the_plan_makes)
