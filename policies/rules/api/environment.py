"""Rules for Lambda functions' environment variables."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from graph.model import UNKNOWN, Data, Resource, step
from policies.paths import value
from policies.predicates import GIVEN
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.api.function import FUNCTION
from policies.stack import Stack

SECRET_NAME: Final = re.compile(
    r"(^|_)(PASSWORD|PASSWD|PWD|SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE|ENCRYPTION)_?KEY)$",
    re.IGNORECASE,
)
SECRET_VALUE: Final = re.compile(
    r"(AKIA|ASIA)[0-9A-Z]{16}|-----BEGIN|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.|://[^/@\s:]+:[^/@\s]+@"
    r"|\b(sk|pk|rk)_live_\w{16,}|\bgh[opsu]_\w{30,}|\bxox[abp]-\w{10,}"
)


def _has_variables(function: Resource) -> bool:
    return bool(value(function.inputs, "environment.variables"))


ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="function-environment-under-own-key",
        type=FUNCTION,
        path="kmsKeyArn",
        must=GIVEN,
        controls=["4.9"],
        fix="set kmsKeyArn to a key of the account's own",
        only=_has_variables,
    ),
)


@rule(
    "4.10",
    fix="store the value in Secrets Manager, pass the secret's ARN and read it at run time",
)
def function_environment_without_secrets(stack: Stack) -> Iterator[Judgement]:
    """No variable is a secret: marked as one, named like one, or of a form that one has."""
    for function in stack.of(FUNCTION):
        variables = value(function.inputs, "environment.variables")
        if variables is UNKNOWN:
            yield undecided(function, "environment.variables")
            continue
        known = variables if isinstance(variables, Mapping) else {}
        exposed = [name for name, given in known.items() if _secret(function, name, given)]
        if exposed:
            yield violated(function, f"{', '.join(exposed)} in its environment")
        elif UNKNOWN in known.values():
            yield undecided(function, "environment.variables")
        else:
            yield met(function)


def _secret(function: Resource, name: str, given: Data) -> bool:
    marks = ("inputs.environment", "inputs.environment.variables")
    if {*marks, step(marks[-1], name)} & set(function.secrets):
        return True
    if not isinstance(given, str):
        return False
    named = SECRET_NAME.search(name) and given and not given.startswith("arn:")
    return bool(named or SECRET_VALUE.search(given))


RULES: Final[tuple[Rule, ...]] = (*ROWS, function_environment_without_secrets)
