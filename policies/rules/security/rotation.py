"""Rules for the rotation of secrets."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Resource
from policies.predicates import OFF, between
from policies.references import covers
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.security.secrets import ROTATION, SECRET
from policies.stack import Stack

PERMISSION: Final = "aws:lambda/permission:Permission"
FUNCTION: Final = "aws:lambda/function:Function"

PERIOD: Final = "rotationRules.automaticallyAfterDays"

_rotation = partial(Property, type=ROTATION)

ROWS: Final[tuple[Rule, ...]] = (
    Companion(
        name="secret-rotates",
        type=SECRET,
        companion=ROTATION,
        by="secretId",
        controls=["8.1"],
        fix="declare a secretsmanager.SecretRotation for it",
    ),
    _rotation(
        name="secret-rotates-every-90-days",
        path=PERIOD,
        must=between(1, 90),
        controls=["8.2"],
        fix="set automaticallyAfterDays to 90 or less: what leaked is of use that long",
    ),
    _rotation(
        name="secret-rotates-every-year",
        path=PERIOD,
        must=between(1, 365),
        controls=["8.1"],
        fix="set automaticallyAfterDays to a year at most, whatever the exception says",
    ),
    _rotation(
        name="secret-not-rotated-by-deploying",
        path="rotateImmediately",
        must=OFF,
        controls=["8.3"],
        fix="set rotateImmediately to false: a deployment is no reason to change a secret",
    ),
)


@rule("8.1", fix="declare a lambda.Permission for secretsmanager.amazonaws.com with sourceAccount")
def rotation_may_run(stack: Stack) -> Iterator[Judgement]:
    """Secrets Manager is allowed to invoke the function that rotates, for this secret only, or for
    those of this account."""
    for rotation in stack.of(ROTATION):
        functions = stack.targets(rotation, "rotationLambdaArn", FUNCTION)
        secrets = stack.targets(rotation, "secretId", SECRET)
        found = {_lets(stack, p, functions, secrets) for p in stack.of(PERMISSION)}
        if True in found:
            yield met(rotation)
        elif None in found:
            yield undecided(rotation, "the secret's ARN")
        elif not functions and rotation.inputs.get("rotationLambdaArn") is UNKNOWN:
            yield undecided(rotation, "rotationLambdaArn")
        else:
            yield violated(rotation, "Secrets Manager may not invoke the function")


def _lets(
    stack: Stack, permission: Resource, functions: list[Resource], secrets: list[Resource]
) -> bool | None:
    """None where only AWS can tell whether the permission is for these secrets."""
    if permission.inputs.get("principal") != "secretsmanager.amazonaws.com":
        return False
    called = stack.targets(permission, "function", FUNCTION)
    if not any(function in called for function in functions):
        return False
    arn = permission.inputs.get("sourceArn")
    if arn is None:
        return "sourceAccount" in permission.inputs
    sources = stack.targets(permission, "sourceArn", SECRET)
    bound = {secret in sources or covers(arn, secret) for secret in secrets}
    return False if False in bound or not bound else None if None in bound else True


RULES: Final[tuple[Rule, ...]] = (*ROWS, rotation_may_run)
