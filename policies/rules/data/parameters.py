"""Rules for Postgres's parameters."""

from collections.abc import Iterator
from typing import Final

from policies.catalogue import Severity
from policies.predicates import Must, equals, matches, one_of
from policies.rule import Judgement, Property, Rule, met, rule, violated
from policies.rules.data.instance import INSTANCE
from policies.stack import Stack

PARAMETERS: Final = "aws:rds/parameterGroup:ParameterGroup"

_ROWS: Final[tuple[tuple[str, str, Must, str, tuple[str, ...], Severity | None], ...]] = (
    (
        "tls-forced",
        "rds.force_ssl",
        equals("1"),
        "set rds.force_ssl to 1: no password or row goes in clear",
        ("7.13",),
        None,
    ),
    (
        "ddl-logged",
        "log_statement",
        one_of("ddl", "mod", "all"),
        "set log_statement to ddl",
        ("7.14",),
        None,
    ),
    (
        "slow-statements-logged",
        "log_min_duration_statement",
        matches(r"[1-9]\d{0,3}|10000", "is 1 to 10000 milliseconds"),
        "set log_min_duration_statement: what is slow is found by it",
        ("7.14",),
        None,
    ),
    (
        "idle-transactions-cut",
        "idle_in_transaction_session_timeout",
        matches(r"[1-9]\d{3,4}|[12]\d{5}|300000", "is 1000 to 300000 milliseconds"),
        "set idle_in_transaction_session_timeout to five minutes at most: what a transaction "
        "locks, a function that died does not release",
        (),
        "medium",
    ),
)

ROWS: Final[tuple[Rule, ...]] = (
    *(
        Property(
            name=f"database-{name}",
            type=PARAMETERS,
            path=f"parameters[name={parameter}].value",
            must=must,
            controls=controls,
            fix=fix,
            severity=severity,
        )
        for name, parameter, must, fix, controls, severity in _ROWS
    ),
)


@rule("7.13", "7.14", fix="declare an rds.ParameterGroup and name it in parameterGroupName")
def database_has_own_parameters(stack: Stack) -> Iterator[Judgement]:
    """An instance has parameters of its own: the default ones force no TLS and log nothing."""
    for instance in stack.of(INSTANCE):
        named = stack.targets(instance, "parameterGroupName", PARAMETERS)
        yield met(instance) if named else violated(instance, "has the default parameter group")


RULES: Final[tuple[Rule, ...]] = (*ROWS, database_has_own_parameters)
