"""Rules for Postgres's parameters, each with a stack that breaks it."""

import pytest

from policies.rules.data import parameters
from tests.policies.cases import Case, case, changed, check, spoilt

DATABASE = "rds.Instance database"
PARAMETERS = "rds.ParameterGroup database"


def parameter(name):
    return f"parameters[name={name}].value"


CASES = [
    spoilt("database-tls-forced", PARAMETERS, parameter("rds.force_ssl"), "0"),
    spoilt("database-ddl-logged", PARAMETERS, parameter("log_statement"), "none"),
    spoilt(
        "database-slow-statements-logged", PARAMETERS, parameter("log_min_duration_statement"), "-1"
    ),
    *(
        spoilt(
            "database-idle-transactions-cut",
            PARAMETERS,
            parameter("idle_in_transaction_session_timeout"),
            bad,
        )
        for bad in ("0", "300001", None)
    ),
    case(
        "database-has-own-parameters",
        changed(DATABASE, "parameterGroupName", "default.postgres17"),
        DATABASE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, parameters.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in parameters.RULES}
