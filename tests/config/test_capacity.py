"""How concurrency is divided."""

import random

import pytest

from config.capacity import reserved
from config.loading import load
from config.tiers import TIERS
from contract.functions import FUNCTIONS
from contract.routes import ROUTES
from tests.config.strategies import CONTACTS


def shares(tier, **overrides):
    values = {"tier": tier, "contacts": CONTACTS, **overrides}
    return reserved(load(values, region="us-east-1", source="test"))


def connecting(stack):
    return sum(stack[name] for name, spec in FUNCTIONS.items() if spec.connects and stack[name])


RETURNING = ("connect_authorizer", "realtime")


def test_a_shared_stack_reserves_for_what_opens_connections_and_what_they_come_back_through():
    starter = shares("starter")

    assert {name for name, share in starter.items() if share} == {
        name for name, spec in FUNCTIONS.items() if spec.connects or name in RETURNING
    }
    assert {name: starter[name] for name in ("health", "simcore", "qmlab", "migrate")} == {
        "health": 3,
        "simcore": 8,
        "qmlab": 4,
        "migrate": 1,
    }


def test_a_dedicated_stack_divides_its_total_by_weight_over_every_function():
    pro = shares("pro")

    assert None not in pro.values()
    assert sum(pro[name] for name, spec in FUNCTIONS.items() if spec.weight) <= 100
    assert (pro["simcore"], pro["qmlab"], pro["health"], pro["maintenance"]) == (20, 10, 5, 2)


@pytest.mark.parametrize("tier", TIERS)
def test_health_is_answered_while_others_wait_for_a_database_that_is_away(tier):
    answers = [route for route in ROUTES if route.function == "health"]

    # And what no route matches.
    assert shares(tier, **OWN.get(tier, {}))["health"] >= len(answers) + 1


OWN = {
    "enterprise": {
        "limits": {"simulations": 1, "storage_gb": 1, "users": 1},
        "budget": {"monthly_usd": 1},
    }
}


@pytest.mark.parametrize(
    ("tier", "busy", "expected"),
    [("starter", 0.83, 6), ("growth", 4.17, 12), ("pro", 16.67, 30), ("enterprise", 83.33, 110)],
)
def test_connections_that_were_lost_come_back_in_every_tier(tier, busy, expected):
    """As many as a table of Erlang's formula has for one call lost in a thousand:
    https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_B_formula"""
    found = shares(tier, **OWN.get(tier, {}))

    assert round(TIERS[tier].api.connections / 60, 2) == busy
    assert found["connect_authorizer"] == expected
    assert found["realtime"] >= expected
    # Of 1000 executions, with 100 left to who reserves nothing.
    assert sum(share or 0 for share in found.values()) <= 900


@pytest.mark.parametrize("tier", TIERS)
def test_a_wave_of_returning_connections_finds_an_execution(tier):
    """Drawn: all come back within a minute, each at a moment of its own, into environments that
    have yet to start. AWS's own account of what that takes, and of why moments are drawn:
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/"""
    found = shares(tier, **OWN.get(tier, {}))
    connections = TIERS[tier].api.connections
    draw = random.Random(1)  # noqa: S311

    refused = 0
    for _ in range(waves := 100_000 // connections):
        until: list[float] = []
        for moment in sorted(draw.uniform(0, 60) for _ in range(connections)):
            until = [end for end in until if end > moment]
            if len(until) < found["connect_authorizer"]:
                until.append(moment + 1.0)
            else:
                refused += 1

    assert refused <= 0.002 * waves * connections


def test_what_a_tier_is_made_for_is_ten_workspaces_of_people_who_are_all_there():
    assert {
        name: tier.api.connections for name, tier in TIERS.items() if tier.limits is not None
    } == {name: 10 * tier.limits.users for name, tier in TIERS.items() if tier.limits is not None}


def test_what_a_stack_does_not_have_takes_no_share():
    without = shares("pro", features={"realtime": False})

    assert without["realtime"] is without["relay"] is None
    assert without["simcore"] == 22
    assert without["connect_authorizer"] is None


def test_nothing_is_reserved_of_an_account_that_has_nothing_to_reserve():
    assert set(shares("starter", account={"lambda_concurrency": 10}).values()) == {None}


def test_every_function_may_run_at_least_once():
    few = shares("pro", functions={"concurrency": 1, "provisioned": {}})

    assert {name: few[name] for name, spec in FUNCTIONS.items() if spec.weight} == {
        name: spec.least for name, spec in FUNCTIONS.items() if spec.weight
    }


@pytest.mark.parametrize("tier", ["starter", "growth", "pro"])
def test_functions_leave_a_fifth_of_every_tiers_connections_to_others(tier):
    assert connecting(shares(tier)) <= 0.8 * TIERS[tier].database.max_connections
