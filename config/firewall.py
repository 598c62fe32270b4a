"""The firewall a stack has, and what its price plan lets it have.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html
"""

from collections.abc import Mapping
from typing import get_args

from config.sections.edge import Edge, FirewallRule, Plan

EVALUATED: tuple[FirewallRule, ...] = get_args(FirewallRule)

MOST_RULES: Mapping[Plan, int] = {"free": 5, "pro": 25, "business": 50}
"""Of the flat-rate plans, lowest first."""

LEAST_PLAN: Mapping[FirewallRule, Plan] = {
    "AntiDdos": "business",
    "IpReputation": "free",
    "AnonymousIp": "free",
    "IpRate": "free",
    "AnonymousRate": "pro",
    "Common": "free",
    "BodySize": "pro",
    "KnownBadInputs": "free",
    "SqlInjection": "pro",
    "BotControl": "business",
}
"""Below it AWS WAF answers WAFFeatureNotIncludedInPricingPlanException: a rule on a path or a
header needs pro, as do the groups for one kind of application; bots and floods need business."""

BASIC: tuple[FirewallRule, ...] = ("IpReputation", "IpRate", "Common", "KnownBadInputs")
OWN_RULES: Mapping[Plan, tuple[FirewallRule, ...]] = {
    "payg": BASIC,
    "free": BASIC,
    "pro": (*BASIC, "AnonymousIp", "AnonymousRate", "BodySize", "SqlInjection"),
    "business": EVALUATED,
}

PLAN_WINDOW = 300
"""The one window the flat-rate plans' rate limits are documented with."""

LOGGED: frozenset[Plan] = frozenset({"pro", "business"})
"""Plans that pay for the firewall's logs."""


def enabled(edge: Edge) -> bool:
    """Whether the stack has a firewall."""
    own = edge.firewall.enabled
    return edge.plan != "payg" if own is None else own


def made_for(edge: Edge) -> Plan:
    """The plan that decides what the firewall may hold."""
    return edge.firewall.plan or edge.plan


def rules(edge: Edge) -> tuple[FirewallRule, ...]:
    """The rules in force, in the order they are evaluated."""
    if not enabled(edge):
        return ()
    own = edge.firewall.rules
    chosen = OWN_RULES[made_for(edge)] if own is None else own
    return tuple(rule for rule in EVALUATED if rule in chosen)


def logged(edge: Edge) -> bool:
    """Whether blocked and counted requests are logged."""
    own = edge.firewall.logs
    return enabled(edge) and (made_for(edge) in LOGGED if own is None else own)


def allows(plan: Plan, rule: FirewallRule) -> bool:
    """Whether the plan has what the rule is made of."""
    return includes(plan, LEAST_PLAN[rule])


def includes(plan: Plan, other: Plan) -> bool:
    """Whether a firewall made for the other plan holds on this one; pay-as-you-go has everything,
    and what it has may be on no plan."""
    order = [*MOST_RULES, "payg"]
    return order.index(other) <= order.index(plan)
