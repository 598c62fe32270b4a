"""What an allowance of alarms must hold, before anything else is paid for."""

import pytest

from components.alarm import Alarm, Priority
from components.operations import alarms
from config.problems import ConfigError
from config.stack import load
from config.watching import needed
from graph.model import Graph
from policies.waivers import Waiver
from tests.alarms.stacks import PRO
from tests.policies.cases import TODAY
from tests.stacks import STACKS, WAIVERS, declared, example
from tools.review.notable import notable
from tools.review.policy import judge

STARTER = {**PRO, "tier": "starter"}
ENTERPRISE = {
    **PRO,
    "tier": "enterprise",
    "budget": {"monthly_usd": 2000},
    "limits": {"simulations": 1, "storage_gb": 1, "users": 1},
}
ROOM = {"alarms": {"metrics": 500}}
VARIANTS = {
    "starter": STARTER,
    "growth": {**PRO, "tier": "growth"},
    "growth with a replica": {**PRO, "tier": "growth", "database": {"replicas": 1}},
    "pro": PRO,
    "pro with what it offers": {**PRO, "database": {"replicas": 2, "proxy": True}},
    "pro without realtime": {**PRO, "features": {"realtime": False}},
    "pro without a trail": {**PRO, "account": {"owner": False}},
    "pro alone": {**PRO, "account": {"owner": True, "alone": True}},
    "pro on payg": {**PRO, "edge": {"plan": "payg", "firewall": {"enabled": False}}},
    "enterprise": ENTERPRISE,
    "enterprise with all replicas": {**ENTERPRISE, "database": {"replicas": 15}},
}


def stated(values: dict, monkeypatch) -> list[Alarm]:
    found: list[Alarm] = []

    def within(all_of_them, _):
        found.extend(all_of_them)
        return list(all_of_them), []

    monkeypatch.setattr(alarms, "within", within)
    # Another stack of each name: none that was built with the real one is taken for it.
    declared({**values, **ROOM, "site": {"release": "stated"}})
    return found


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_what_config_asks_for_is_what_the_components_state(variant, monkeypatch):
    values = VARIANTS[variant]
    config = load(values, region="us-east-1", source="Pulumi.fifth.yaml")
    least = Priority.DEGRADED if config.tier in ("pro", "enterprise") else Priority.SCALE

    monkeypatch.delenv("MA_PLATFORM_BUILT_STACKS", raising=False)
    wanted = [alarm for alarm in stated(values, monkeypatch) if alarm.priority <= least]

    assert sum(needed(config).values()) == sum(alarm.cost for alarm in wanted)
    assert sum(needed(config).values()) <= config.alarms.metrics


def test_an_allowance_that_does_not_hold_them_is_refused_with_what_asks_for_them_and_the_price():
    values = {**PRO, "database": {"replicas": 3, "proxy": True}, "account": {"owner": True}}

    with pytest.raises(ConfigError) as refused:
        load({**values, "alarms": {"metrics": 27}}, region="us-east-1", source="Pulumi.prod.yaml")

    [problem] = refused.value.problems
    assert (problem.path, problem.value) == (("alarms", "metrics"), 27)
    assert problem.limit == "at least 28, of which 3 for database.replicas, 1 for database.proxy"
    assert "0.10" in problem.reason
    assert "28" in problem.way_out
    assert load({**values, "alarms": {"metrics": 28}}, region="us-east-1", source="x")


@pytest.mark.slow
def test_the_readmes_example_violates_no_more_than_the_stack_without_its_replicas():
    with_replicas = {**PRO, "database": {"replicas": 2}}

    def violated(values) -> set[str]:
        found = judge(declared(values), today=TODAY, waivers=())
        return {f"{f.rule.name} {f.label}" for f in found.violations}

    known = {waiver.rule for waiver in WAIVERS if "pro" in waiver.tiers or "prod" in waiver.stacks}
    more = violated(with_replicas) - violated(PRO)
    assert {each for each in more if each.split()[0] not in known} == set()


def paid(graph: Graph) -> tuple[set[str], set[str]]:
    no_waivers: tuple[Waiver, ...] = ()
    found = notable(graph, "us-east-1", no_waivers, TODAY)
    return set(found.kept), set(found.left_out)


@pytest.mark.slow
@pytest.mark.parametrize("stack", STACKS)
def test_each_tier_pays_first_for_what_nobody_else_would_notice_and_names_the_rest(stack):
    values = dict(example(stack).values)
    kept, left_out = paid(declared(values))
    every, nothing = paid(declared({**values, **ROOM}))

    assert nothing == set()
    assert kept | left_out == every
    assert {
        "failures-outage",
        "failures-data-loss",
        "failures-undelivered",
        "functions-failed",
        "outbox-lag",
        "audit-delivery",
        "database-storage",
    } <= kept
    assert not {name for name in every if name.startswith(("migrate", "bootstrap"))}


@pytest.mark.slow
def test_the_same_failure_is_not_paid_for_twice():
    graph = declared({**ENTERPRISE, **ROOM})
    series = [
        (a.inputs["namespace"], a.inputs["metricName"], str(a.inputs.get("dimensions")))
        for a in graph.by_type("aws:cloudwatch/metricAlarm:MetricAlarm")
        if "metricName" in a.inputs
    ]

    assert len(series) == len(set(series))
