"""Rules for the master user's password: where it is kept, and where not."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN
from policies.predicates import ABSENT
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.instance import INSTANCE, primary
from policies.rules.security.secrets import ROTATION
from policies.stack import Stack

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="database-password-not-stored",
        type=INSTANCE,
        path="password",
        must=ABSENT,
        controls=["7.23"],
        fix="use passwordWo, or manageMasterUserPassword: password stays in the state",
    ),
)


@rule("7.23", fix="set manageMasterUserPassword to true, or give passwordWo from a secret")
def master_password_kept(stack: Stack) -> Iterator[Judgement]:
    """A secret holds the master password: RDS's own, or one of the stack's that rotates."""
    for instance in filter(primary, stack.of(INSTANCE)):
        managed = instance.inputs.get("manageMasterUserPassword")
        if managed is True or ("passwordWo" in instance.inputs and stack.of(ROTATION)):
            yield met(instance)
        elif managed is UNKNOWN:
            yield undecided(instance, "manageMasterUserPassword")
        else:
            yield violated(instance, "no secret holds its password")


@rule("7.3", fix="set masterUserSecretKmsKeyId to the platform's key")
def master_secret_under_own_key(stack: Stack) -> Iterator[Judgement]:
    """The secret that RDS keeps is under the platform's key."""
    for instance in stack.of(INSTANCE):
        if instance.inputs.get("manageMasterUserPassword") is True:
            given = "masterUserSecretKmsKeyId" in instance.inputs
            yield met(instance) if given else violated(instance, "is under Secrets Manager's key")


RULES: Final[tuple[Rule, ...]] = (*ROWS, master_password_kept, master_secret_under_own_key)
