"""How concurrency is divided."""

import pytest

from config.capacity import reserved
from config.stack import load
from config.tiers import TIERS
from contract.functions import FUNCTIONS
from tests.config.strategies import CONTACTS


def shares(tier, **overrides):
    values = {"tier": tier, "contacts": CONTACTS, **overrides}
    return reserved(load(values, region="us-east-1", source="test"))


def connecting(stack):
    return sum(stack[name] for name, spec in FUNCTIONS.items() if spec.connects and stack[name])


def test_a_shared_stack_reserves_only_for_functions_that_open_connections():
    starter = shares("starter")

    assert {name for name, share in starter.items() if share} == {
        name for name, spec in FUNCTIONS.items() if spec.connects
    }
    assert {name: starter[name] for name in ("health", "simcore", "qmlab", "migrate")} == {
        "health": 1,
        "simcore": 6,
        "qmlab": 3,
        "migrate": 1,
    }


def test_a_dedicated_stack_divides_its_total_by_weight_over_every_function():
    pro = shares("pro")

    assert None not in pro.values()
    assert sum(pro[name] for name, spec in FUNCTIONS.items() if spec.weight) <= 100
    assert (pro["simcore"], pro["qmlab"], pro["health"], pro["maintenance"]) == (17, 8, 4, 2)


def test_what_a_stack_does_not_have_takes_no_share():
    without = shares("pro", features={"realtime": False})

    assert without["realtime"] is without["relay"] is None
    assert without["simcore"] == 22


def test_nothing_is_reserved_of_an_account_that_has_nothing_to_reserve():
    assert set(shares("starter", account={"lambda_concurrency": 10}).values()) == {None}


def test_every_function_may_run_at_least_once():
    least = shares("pro", functions={"concurrency": 1, "provisioned": {}})

    assert {least[name] for name, spec in FUNCTIONS.items() if spec.weight} == {1}


@pytest.mark.parametrize("tier", ["starter", "growth", "pro"])
def test_functions_leave_a_fifth_of_every_tiers_connections_to_others(tier):
    assert connecting(shares(tier)) <= 0.8 * TIERS[tier].database.max_connections
