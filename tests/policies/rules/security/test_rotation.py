"""Rules for rotation, each with a stack that breaks it."""

import pytest

from policies.rules.security import rotation
from tests.policies.cases import Case, case, changed, check, spoilt, without

SECRET = "secretsmanager.Secret secrets-api-key"  # noqa: S105
ROTATION = "secretsmanager.SecretRotation rotation-api-key"
ROTATIONS = (
    ROTATION,
    "secretsmanager.SecretRotation rotation-encryption-key",
    "secretsmanager.SecretRotation rotation-jwt-secret",
)
DAYS = "rotationRules.automaticallyAfterDays"


CASES = [
    case("secret-rotates", without(ROTATION), SECRET),
    spoilt("secret-rotates-every-90-days", ROTATION, DAYS, 900),
    spoilt("secret-rotates-every-year", ROTATIONS[1], DAYS, 3650),
    spoilt("secret-not-rotated-by-deploying", ROTATION, "rotateImmediately", True),
    case("rotation-may-run", without("lambda.Permission rotation"), *ROTATIONS),
    *(
        case("rotation-may-run", changed("lambda.Permission rotation", path, value), *ROTATIONS)
        for path, value in (
            ("principal", "lambda.amazonaws.com"),
            ("sourceArn", "arn:aws:secretsmanager:us-east-1:210987654321:secret:*"),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, rotation.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in rotation.RULES}
