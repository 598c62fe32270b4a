"""What a Firewall registers: the web ACL, its rules by plan, and how they answer."""

import json
from typing import get_args

import pytest

from components.alarm import Alarm, Metric, Priority
from components.edge.firewall import blocked
from components.edge.firewall_rules import RULES
from config.firewall import EVALUATED, MOST_RULES, OWN_RULES
from config.sections.edge import Plan
from tests.components.edge.programs import firewall

WEB_ACL = "aws:wafv2/webAcl:WebAcl"
PLANS = get_args(Plan)
BASIC = ["IpReputation", "IpRate", "Common", "KnownBadInputs"]
INCLUDED_CAPACITY = 1500


def acl(graph):
    [found] = graph.by_type(WEB_ACL)
    return found.inputs


def rules(graph):
    return {rule["name"]: rule for rule in acl(graph)["rules"]}


def on(plan, **config):
    """A firewall, also where the plan has none by itself."""
    return firewall(plan, enabled=True, **config)


def test_it_is_cloudfronts_and_lets_through_what_no_rule_blocks():
    inputs = acl(firewall("free"))

    assert {key: value for key, value in inputs.items() if key != "rules"} == {
        "region": "us-east-1",
        "scope": "CLOUDFRONT",
        "description": "In front of ma-platform-test",
        "defaultAction": {"allow": {}},
        "visibilityConfig": {
            "cloudwatchMetricsEnabled": True,
            "metricName": "ma-platform-test",
            "sampledRequestsEnabled": True,
        },
        "tags": {},
    }


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("payg", BASIC),
        ("free", BASIC),
        ("pro", [rule for rule in EVALUATED if rule not in ("AntiDdos", "BotControl")]),
        ("business", list(EVALUATED)),
    ],
)
def test_each_plan_has_its_rules_in_the_order_they_are_evaluated(plan, expected):
    found = rules(on(plan))

    assert list(found) == expected
    assert sorted(found, key=lambda name: found[name]["priority"]) == expected


def test_a_stack_may_name_its_rules_in_any_order():
    assert list(rules(firewall("pro", rules=["KnownBadInputs", "IpRate"]))) == [
        "IpRate",
        "KnownBadInputs",
    ]


@pytest.mark.parametrize("plan", PLANS)
def test_the_rules_fit_what_an_acl_has_at_its_price_and_what_the_plan_allows(plan):
    assert len(OWN_RULES[plan]) <= MOST_RULES.get(plan, 100)
    assert sum(RULES[name].capacity for name in OWN_RULES[plan]) <= INCLUDED_CAPACITY


def test_all_rules_together_fit_what_an_acl_has_at_its_price():
    assert RULES.keys() == set(EVALUATED)
    assert sum(rule.capacity for rule in RULES.values()) == 1392 < INCLUDED_CAPACITY


def test_every_rule_is_measured_and_sampled_under_its_name():
    assert {name: r["visibilityConfig"] for name, r in rules(firewall("business")).items()} == {
        name: {
            "cloudwatchMetricsEnabled": True,
            "metricName": name,
            "sampledRequestsEnabled": True,
        }
        for name in EVALUATED
    }


def test_every_rule_blocks_by_itself_or_leaves_it_to_its_group():
    found = rules(firewall("business"))

    own = {name: list(rule["action"]) for name, rule in found.items() if "action" in rule}
    groups = {n: r["overrideAction"] for n, r in found.items() if "overrideAction" in r}
    assert own == {name: ["block"] for name in ("IpRate", "AnonymousRate", "BodySize")}
    assert groups == {name: {"none": {}} for name in EVALUATED if name not in own}


def test_the_groups_are_awss_and_count_what_the_platform_serves():
    groups = {
        name: (group["vendorName"], group["name"], counted(group))
        for name, rule in rules(firewall("business")).items()
        if (group := rule["statement"].get("managedRuleGroupStatement"))
    }

    assert groups == {
        "AntiDdos": ("AWS", "AWSManagedRulesAntiDDoSRuleSet", []),
        "IpReputation": ("AWS", "AWSManagedRulesAmazonIpReputationList", []),
        "AnonymousIp": ("AWS", "AWSManagedRulesAnonymousIpList", ["HostingProviderIPList"]),
        "Common": ("AWS", "AWSManagedRulesCommonRuleSet", ["SizeRestrictions_BODY"]),
        "KnownBadInputs": ("AWS", "AWSManagedRulesKnownBadInputsRuleSet", []),
        "SqlInjection": ("AWS", "AWSManagedRulesSQLiRuleSet", []),
        "BotControl": ("AWS", "AWSManagedRulesBotControlRuleSet", []),
    }


def counted(group):
    overrides = group["ruleActionOverrides"]
    assert all(override["actionToUse"] == {"count": {}} for override in overrides)
    return [override["name"] for override in overrides]


@pytest.mark.parametrize("plan", ["pro", "business", "payg"])
def test_whoever_asks_too_often_is_answered_as_the_api_answers(plan):
    chosen = ["IpRate", "AnonymousRate"]
    graph = on(plan, rules=chosen, anonymous_rate={"requests": 120})
    bodies = {body["key"]: body for body in acl(graph)["customResponseBodies"]}

    assert {name: rule["action"] for name, rule in rules(graph).items()} == {
        name: {
            "block": {
                "customResponse": {
                    "responseCode": 429,
                    "customResponseBodyKey": name,
                    "responseHeaders": [
                        {"name": "retry-after", "value": "300"},
                        {"name": "cache-control", "value": "no-store"},
                        {"name": "access-control-allow-origin", "value": "*"},
                        {"name": "access-control-expose-headers", "value": "retry-after"},
                    ],
                }
            }
        }
        for name in chosen
    }
    assert {key: body["contentType"] for key, body in bodies.items()} == dict.fromkeys(
        chosen, "APPLICATION_JSON"
    )
    assert json.loads(bodies["AnonymousRate"]["content"]) == {
        "error": {
            "code": "rate_limited",
            "message": "At most 120 requests in 300 s from one address; try again in 300 s.",
            "requestId": "x-amz-cf-id",
        }
    }


def test_the_free_plan_blocks_without_an_answer_of_its_own():
    graph = firewall("free")

    assert rules(graph)["IpRate"]["action"] == {"block": {}}
    assert "customResponseBodies" not in acl(graph)


def test_limits_and_windows_are_the_stacks():
    graph = on(
        "payg",
        rules=["IpRate", "AnonymousRate"],
        ip_rate={"requests": 2000, "window_seconds": 60},
        anonymous_rate={"requests": 60, "window_seconds": 120},
    )
    found = {n: r["statement"]["rateBasedStatement"] for n, r in rules(graph).items()}

    assert {
        name: (rate["aggregateKeyType"], rate["limit"], rate["evaluationWindowSec"])
        for name, rate in found.items()
    } == {"IpRate": ("IP", 2000, 60), "AnonymousRate": ("IP", 60, 120)}
    assert rules(graph)["IpRate"]["action"]["block"]["customResponse"]["responseHeaders"][0] == {
        "name": "retry-after",
        "value": "60",
    }


def test_a_counted_rule_blocks_nothing_and_says_until_when():
    graph = firewall("pro", count={"Common": "2026-12-31", "AnonymousRate": "2027-01-15"})
    found = rules(graph)

    assert found["Common"]["overrideAction"] == {"count": {}}
    assert found["AnonymousRate"]["action"] == {"count": {}}
    assert found["KnownBadInputs"]["overrideAction"] == {"none": {}}
    assert acl(graph)["tags"] == {
        "count:Common": "2026-12-31",
        "count:AnonymousRate": "2027-01-15",
    }


def test_bodies_are_looked_at_as_far_as_the_plan_pays_for():
    limits = {plan: acl(on(plan)).get("associationConfig") for plan in PLANS}

    assert limits == {
        "payg": None,
        "free": None,
        "pro": None,
        "business": {"requestBodies": [{"cloudfront": {"defaultSizeInspectionLimit": "KB_64"}}]},
    }


@pytest.mark.parametrize(("plan", "lower"), [("pro", "free"), ("business", "pro")])
def test_while_the_plan_is_raised_the_acl_is_as_on_the_lower_one(plan, lower):
    between, before = firewall(plan, plan=lower), firewall(lower)

    assert [r.inputs for r in between.resources] == [r.inputs for r in before.resources]


def test_its_output_is_the_acls_arn():
    graph = firewall("free")
    [component] = graph.by_type("ma-platform:edge:Firewall")

    assert component.outputs == {"arn": graph.by_type(WEB_ACL)[0].outputs["arn"]}
    assert ":global/webacl/" in component.outputs["arn"]


def test_everything_belongs_to_a_component():
    graph = firewall("business")

    assert [r.urn for r in graph.resources if r.custom and not graph.component(r)] == []


def test_a_surge_of_blocked_requests_is_a_security_incident_that_names_the_keys():
    alarm = blocked("firewall", "ma-platform-test")

    assert alarm == Alarm(
        name="firewall-blocked",
        issue="security",
        priority=Priority.DEGRADED,
        metrics={
            "m": Metric(
                namespace="AWS/WAFV2",
                name="BlockedRequests",
                dimensions={"WebACL": "ma-platform-test", "Rule": "ALL"},
                statistic="Sum",
            )
        },
        threshold=1000,
        periods=1,
        edge=True,
        action=alarm.action,
    )
    assert "edge.firewall.ip_rate" in alarm.action
    assert "edge.firewall.count" in alarm.action
