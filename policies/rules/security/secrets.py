"""Rules for secrets and their rotation."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Resource, Unknown
from policies.documents import Statement
from policies.metrics import ALARM, about, metrics
from policies.predicates import GIVEN, OFF, ON, between
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105
ROTATION: Final = "aws:secretsmanager/secretRotation:SecretRotation"
POLICY: Final = "aws:secretsmanager/secretPolicy:SecretPolicy"
VERSION: Final = "aws:secretsmanager/secretVersion:SecretVersion"
PERMISSION: Final = "aws:lambda/permission:Permission"
FUNCTION: Final = "aws:lambda/function:Function"

PERIOD: Final = "rotationRules.automaticallyAfterDays"

_secret = partial(Property, type=SECRET)

ROWS: Final[tuple[Rule, ...]] = (
    Companion(
        name="secret-rotates",
        type=SECRET,
        companion=ROTATION,
        by="secretId",
        controls=["8.1"],
        fix="declare a secretsmanager.SecretRotation for it",
    ),
    Property(
        name="secret-rotates-every-90-days",
        type=ROTATION,
        path=PERIOD,
        must=between(1, 90),
        controls=["8.2"],
        fix="set automaticallyAfterDays to 90 or less: what leaked is of use that long",
    ),
    Property(
        name="secret-rotates-every-year",
        type=ROTATION,
        path=PERIOD,
        must=between(1, 365),
        controls=["8.1"],
        fix="set automaticallyAfterDays to a year at most, whatever the exception says",
    ),
    Property(
        name="secret-not-rotated-by-deploying",
        type=ROTATION,
        path="rotateImmediately",
        must=OFF,
        controls=["8.3"],
        fix="set rotateImmediately to false: a deployment is no reason to change a secret",
    ),
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


@rule("8.1", fix="declare a lambda.Permission for secretsmanager.amazonaws.com with sourceAccount")
def rotation_may_run(stack: Stack) -> Iterator[Judgement]:
    """Secrets Manager is allowed to invoke the function that rotates, for this secret only, or for
    those of this account."""
    for rotation in stack.of(ROTATION):
        functions = stack.targets(rotation, "rotationLambdaArn", FUNCTION)
        secrets = stack.targets(rotation, "secretId", SECRET)
        if any(_lets(stack, p, functions, secrets) for p in stack.of(PERMISSION)):
            yield met(rotation)
        elif not functions and rotation.inputs.get("rotationLambdaArn") is UNKNOWN:
            yield undecided(rotation, "rotationLambdaArn")
        else:
            yield violated(rotation, "Secrets Manager may not invoke the function")


def _lets(
    stack: Stack, permission: Resource, functions: list[Resource], secrets: list[Resource]
) -> bool:
    if permission.inputs.get("principal") != "secretsmanager.amazonaws.com":
        return False
    if "sourceArn" in permission.inputs:
        sources = stack.targets(permission, "sourceArn", SECRET)
        bound = any(secret in sources for secret in secrets)
    else:
        bound = "sourceAccount" in permission.inputs
    called = stack.targets(permission, "function", FUNCTION)
    return bound and any(function in called for function in functions)


@rule("8.3", fix="declare an alarm on the rotation function's Errors")
def rotation_failures_alarm(stack: Stack) -> Iterator[Judgement]:
    """Somebody is told when a rotation fails."""
    for rotation in stack.of(ROTATION):
        functions = stack.targets(rotation, "rotationLambdaArn", FUNCTION)
        alarms = [a for a in stack.of(ALARM) for f in functions if about(a, "FunctionName", f)]
        heard = {name for alarm in alarms for name in metrics(alarm)}
        if "Errors" in heard:
            yield met(rotation)
        elif UNKNOWN in heard:
            yield undecided(rotation, "metricName")
        else:
            yield violated(rotation, "no alarm on its function's errors")


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


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    rotation_may_run,
    rotation_failures_alarm,
    secret_values_not_tracked,
    secret_for_own_account,
)
