"""Rules for AWS Backup: the vaults that snapshots are in."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Unknown
from policies.documents import Statement
from policies.predicates import GIVEN, at_least
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

VAULT: Final = "aws:backup/vault:Vault"
LOCK: Final = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
POLICY: Final = "aws:backup/vaultPolicy:VaultPolicy"
NOTICES: Final = "aws:backup/vaultNotifications:VaultNotifications"

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


RULES: Final[tuple[Rule, ...]] = (*ROWS, vault_refuses_deletion)
