"""Rules for secrets: who reads them, and where their values are."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import Resource, Unknown
from policies.documents import Statement
from policies.predicates import GIVEN, ON, between
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105
ROTATION: Final = "aws:secretsmanager/secretRotation:SecretRotation"
POLICY: Final = "aws:secretsmanager/secretPolicy:SecretPolicy"
VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"

_secret = partial(Property, type=SECRET)

ROWS: Final[tuple[Rule, ...]] = (
    _secret(
        name="secret-under-own-key",
        path="kmsKeyId",
        must=GIVEN,
        controls=["8.4"],
        fix="set kmsKeyId to the platform's key",
    ),
    Companion(
        name="secret-has-a-policy",
        type=SECRET,
        companion=POLICY,
        by="secretArn",
        controls=["8.5"],
        fix="declare a secretsmanager.SecretPolicy that denies other accounts",
        production=True,
    ),
    Property(
        name="secret-policy-never-public",
        type=POLICY,
        path="blockPublicPolicy",
        must=ON,
        controls=["8.5"],
        fix="set blockPublicPolicy to true",
        production=True,
    ),
    _secret(
        name="secret-recoverable",
        path="recoveryWindowInDays",
        must=between(7, 30),
        controls=["8.6"],
        fix="set recoveryWindowInDays to 7 or more: 0 deletes for good",
        production=True,
    ),
    _secret(
        name="secret-described",
        path="description",
        must=GIVEN,
        controls=["8.7"],
        fix="say in description what it opens",
    ),
    _secret(
        name="secret-in-another-region",
        path="replicas",
        must=GIVEN,
        controls=["8.8"],
        fix="name a Region and its key in replicas",
        production=True,
    ),
)


@rule("8.1", fix="let the rotation function make the value, or give secretStringWo")
def secret_values_not_tracked(stack: Stack) -> Iterator[Judgement]:
    """No value of a secret that rotates is a resource: an update would bring the first one back."""
    for secret in stack.of(SECRET):
        versions = stack.companions(secret, VERSION, "secretId")
        kept = [
            v for v in versions if _tracked(v) and stack.companions(secret, ROTATION, "secretId")
        ]
        yield violated(secret, "its value is in the state, and rotates") if kept else met(secret)


def _tracked(version: Resource) -> bool:
    return any(
        key in version.inputs and key not in version.ignore_changes
        for key in ("secretString", "secretBinary")
    )


@rule("8.5", fix="deny principals whose aws:PrincipalAccount is another", production=True)
def secret_for_own_account(stack: Stack) -> Iterator[Judgement]:
    """A secret's policy refuses other accounts, whatever their own policies say."""
    for policy in stack.of(POLICY):
        found = stack.statements(policy, "policy")
        if isinstance(found, Unknown):
            yield undecided(policy, "policy")
        elif any(_refuses_others(statement) for statement in found):
            yield met(policy)
        else:
            yield violated(policy, "denies other accounts nothing")


def _refuses_others(statement: Statement) -> bool:
    tests = statement.conditions.get("StringNotEquals", {})
    return not statement.allows and "*" in statement.who and "aws:PrincipalAccount" in tests


RULES: Final[tuple[Rule, ...]] = (*ROWS, secret_values_not_tracked, secret_for_own_account)
