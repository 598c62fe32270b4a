"""The firewall's section: what each plan makes of it, and what it refuses."""

from datetime import date
from typing import Any

import pytest

from config import firewall
from config.loading import load
from config.problems import ConfigError, Problem
from config.sections import Edge
from config.stack import StackFile, read
from tests.config.strategies import CONTACTS

RULES = (
    "'AntiDdos', 'IpReputation', 'AnonymousIp', 'IpRate', 'AnonymousRate', 'Common', 'BodySize', "
    "'KnownBadInputs', 'SqlInjection' or 'BotControl'"
)


def stack(tier: str = "growth", of: str | None = None, **section: Any) -> dict[str, Any]:
    edge = {"firewall": section} | ({"plan": of} if of else {})
    return {"tier": tier, "contacts": CONTACTS, "edge": edge}


def edge(*args: Any, **section: Any) -> Edge:
    return load(stack(*args, **section), region="us-east-1", source="test").edge


def problems(*args: Any, **section: Any) -> list[Problem]:
    with pytest.raises(ConfigError) as refusal:
        edge(*args, **section)
    return refusal.value.problems


def one(*args: Any, **section: Any) -> tuple[str, object, str, str]:
    (problem,) = problems(*args, **section)
    path = ".".join(map(str, problem.path)).removeprefix("edge.firewall.")
    return path, problem.value, problem.limit, problem.way_out


@pytest.mark.parametrize(
    ("plan", "own", "enabled"),
    [
        ("payg", None, False),
        ("payg", True, True),
        ("payg", False, False),
        ("free", None, True),
        ("pro", None, True),
        ("business", True, True),
    ],
)
def test_every_flat_rate_plan_has_a_firewall_and_payg_if_it_likes(plan, own, enabled):
    assert firewall.enabled(edge("growth", plan, enabled=own)) is enabled


@pytest.mark.parametrize(("plan", "lower"), [("pro", "free"), ("business", "pro")])
def test_a_firewall_made_for_a_lower_plan_holds_what_that_one_does(plan, lower):
    between, before = edge("growth", plan, plan=lower), edge("growth", lower)

    assert firewall.rules(between) == firewall.rules(before)
    assert firewall.logged(between) == firewall.logged(before)


def test_every_plan_has_rules_it_allows_and_business_has_all():
    for plan, rules in firewall.OWN_RULES.items():
        assert all(firewall.allows(plan, rule) for rule in rules)
        assert len(rules) <= firewall.MOST_RULES.get(plan, len(rules))
    assert firewall.OWN_RULES["business"] == firewall.EVALUATED
    assert firewall.LEAST_PLAN.keys() == set(firewall.EVALUATED)


def test_a_day_is_what_an_engine_makes_of_one_or_text(tmp_path):
    (tmp_path / "Pulumi.test.yaml").write_text(
        "config:\n  aws:region: us-east-1\n  ma-platform:stack:\n    tier: growth\n"
        "    contacts: {outage: o@example.com, security: s@example.com, data_loss: d@example.com}\n"
        "    edge: {firewall: {count: {Common: 2026-12-31, IpRate: '2027-01-15'}}}\n"
    )
    file = read("test", tmp_path)
    counted = {"Common": date(2026, 12, 31), "IpRate": date(2027, 1, 15)}

    assert isinstance(file, StackFile)
    assert file.load().edge.firewall.count == counted
    assert '"Common": "2026-12-31 00:00:00 +0000 UTC"' in file.pulumi_config()["ma-platform:stack"]
    assert edge(count={"Common": "2026-12-31T00:00:00Z"}).firewall.count == {
        "Common": date(2026, 12, 31)
    }


@pytest.mark.parametrize(
    ("plan", "section", "path", "value", "limit", "way_out"),
    [
        (
            "free",
            {"enabled": False},
            "enabled",
            False,
            "true while edge.plan is free",
            "leave it out, or set edge.plan to payg",
        ),
        (
            "free",
            {"plan": "pro"},
            "plan",
            "pro",
            "free, or a plan below it",
            "leave it out, or set edge.plan to it first",
        ),
        (
            "business",
            {"plan": "payg"},
            "plan",
            "payg",
            "business, or a plan below it",
            "leave it out, or set edge.plan to it first",
        ),
        (
            "pro",
            {"plan": "free", "logs": True},
            "logs",
            True,
            "false on plan free",
            "leave it out, or set edge.plan to pro",
        ),
        (
            "free",
            {"logs": True},
            "logs",
            True,
            "false on plan free",
            "leave it out, or set edge.plan to pro",
        ),
        (
            "free",
            {"rules": ["IpRate", "SqlInjection"]},
            "rules.1",
            "SqlInjection",
            "a rule of plan free",
            "leave it out, or set edge.plan to pro",
        ),
        (
            "pro",
            {"rules": ["BotControl"]},
            "rules.0",
            "BotControl",
            "a rule of plan pro",
            "leave it out, or set edge.plan to business",
        ),
        (
            "pro",
            {"rules": ["IpRate", "BodySize"]},
            "rules",
            ["IpRate", "BodySize"],
            "Common beside BodySize",
            "add Common, or leave BodySize out",
        ),
        (
            "pro",
            {"ip_rate": {"window_seconds": 60}},
            "ip_rate.window_seconds",
            60,
            "300 on plan pro",
            "leave it out and set edge.firewall.ip_rate.requests for five minutes, "
            "or set edge.plan to payg",
        ),
        (
            "pro",
            {"ip_rate": {"requests": 9}},
            "ip_rate.requests",
            9,
            "at least 10",
            "set it to 10 or more",
        ),
        (
            "payg",
            {"anonymous_rate": {"window_seconds": 90}},
            "anonymous_rate.window_seconds",
            90,
            "one of 60, 120, 300 or 600",
            "use one of: 60, 120, 300 or 600",
        ),
        (
            "pro",
            {"count": {"Comon": "2026-12-31"}},
            "count.Comon",
            "Comon",
            f"one of {RULES}",
            f"use one of: {RULES}",
        ),
        (
            "pro",
            {"count": {"BotControl": "2026-12-31"}},
            "count.BotControl",
            "2026-12-31",
            "a rule in force",
            "use one of: IpReputation, AnonymousIp, IpRate, AnonymousRate, Common, BodySize, "
            "KnownBadInputs, SqlInjection",
        ),
        (
            "payg",
            {"count": {"Common": "2026-12-31"}},
            "count.Common",
            "2026-12-31",
            "a rule in force",
            "set edge.firewall.enabled to true",
        ),
        (
            "pro",
            {"count": {"Common": "soon"}},
            "count.Common",
            "soon",
            "a day",
            "write it like 2026-12-31",
        ),
        (
            "pro",
            {"count": {"Common": True}},
            "count.Common",
            True,
            "a day",
            "write it like 2026-12-31",
        ),
    ],
)
def test_a_wrong_firewall_is_refused_by_its_path(plan, section, path, value, limit, way_out):
    assert one("growth", plan, **section) == (path, value, limit, way_out)


def test_a_refused_stack_is_left_as_its_author_wrote_it():
    written = stack(count={"Common": "soon"})
    with pytest.raises(ConfigError):
        load(written, region="us-east-1", source="test")

    assert written == stack(count={"Common": "soon"})


def test_more_rules_than_the_plan_has_are_refused_beside_those_it_does_not_know():
    found = problems(
        rules=["IpRate", "IpReputation", "AnonymousIp", "Common", "KnownBadInputs", "BodySize"]
    )

    assert [(problem.path[2:], problem.limit) for problem in found] == [
        (("rules",), "at most 5 rules on plan free"),
        (("rules", 5), "a rule of plan free"),
    ]


def test_payg_has_every_rule_every_window_and_logs():
    section = {
        "enabled": True,
        "rules": firewall.EVALUATED,
        "logs": True,
        "ip_rate": {"requests": 2000, "window_seconds": 60},
    }
    found = edge("starter", **section)

    assert firewall.rules(found) == firewall.EVALUATED
    assert firewall.logged(found)
    assert (found.firewall.ip_rate.requests, found.firewall.ip_rate.window_seconds) == (2000, 60)
    assert found.firewall.anonymous_rate.requests == 300
