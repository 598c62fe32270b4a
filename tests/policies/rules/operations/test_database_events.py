"""Rules for RDS's notices, each with a stack that breaks it."""

import pytest

from policies.rules.operations import database_events
from tests.policies.cases import Case, case, changed, check, spoilt, without

DATABASE = "rds.Instance database"


def heard(kind):
    return f"rds.EventSubscription database-events-{kind}"


CASES = [
    spoilt("database-events-sent", heard("instance"), "enabled", False),
    *(
        case(f"database-{kind}-events-heard", without(heard(kind)), DATABASE)
        for kind in ("instance", "parameter-group")
    ),
    case(
        "database-instance-events-heard",
        changed(heard("instance"), "eventCategories", ["failure"]),
        DATABASE,
    ),
    case("database-instance-events-heard", changed(heard("instance"), "enabled", False), DATABASE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, database_events.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in database_events.RULES}
