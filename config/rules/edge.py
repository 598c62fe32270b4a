"""The platform's name, and what the account's plan allows."""

from collections.abc import Iterator

from config import firewall
from config.model import StackConfig
from config.problems import Problem


def domain_has_a_zone(stack: StackConfig) -> Iterator[Problem]:
    """A name needs the zone its records and its certificate's proof go to."""
    edge = stack.edge
    if edge.domain and not edge.zone_id:
        yield Problem(
            ("edge", "domain"),
            edge.domain,
            "an edge.zone_id beside it",
            "certificate and address records are written into the domain's existing zone",
            "set edge.zone_id to the Route 53 zone's id, or remove edge.domain",
        )
    if edge.zone_id and not edge.domain:
        yield Problem(
            ("edge", "zone_id"),
            edge.zone_id,
            "an edge.domain beside it",
            "a zone alone names nothing",
            "set edge.domain, or remove edge.zone_id",
        )


def free_plan_holds(stack: StackConfig) -> Iterator[Problem]:
    """An account on AWS's Free plan refuses long backups and flat-rate plans."""
    if not stack.account.free_plan:
        return
    if stack.database.backup_days > 1:
        yield Problem(
            ("database", "backup_days"),
            stack.database.backup_days,
            "at most 1 while account.free_plan is true",
            "RDS answers FreeTierRestrictionError to more",
            "set database.backup_days to 1, or leave the Free plan",
        )
    if stack.edge.plan != "payg":
        yield Problem(
            ("edge", "plan"),
            stack.edge.plan,
            "payg while account.free_plan is true",
            "an account on the Free plan cannot subscribe to a flat-rate plan",
            "set edge.plan to payg, or leave the Free plan",
        )


def plan_has_its_firewall(stack: StackConfig) -> Iterator[Problem]:
    """CloudFront takes no flat-rate plan without a web ACL, nor one made for more."""
    edge = stack.edge
    if edge.plan != "payg" and not firewall.enabled(edge):
        yield Problem(
            ("edge", "firewall", "enabled"),
            False,
            f"true while edge.plan is {edge.plan}",
            "a distribution on a flat-rate plan must have a web ACL, which the plan pays for",
            "leave it out, or set edge.plan to payg",
        )
    if not firewall.includes(edge.plan, firewall.made_for(edge)):
        yield Problem(
            ("edge", "firewall", "plan"),
            edge.firewall.plan,
            f"{edge.plan}, or a plan below it",
            f"edge.plan is {edge.plan}, on which AWS refuses what a firewall of "
            f"{edge.firewall.plan} holds",
            "leave it out, or set edge.plan to it first",
        )


def firewall_fits_the_plan(stack: StackConfig) -> Iterator[Problem]:
    """A flat-rate plan decides on the firewall's logs and windows."""
    edge, plan = stack.edge, firewall.made_for(stack.edge)
    if plan == "payg":
        return
    if firewall.logged(edge) and plan not in firewall.LOGGED:
        yield Problem(
            ("edge", "firewall", "logs"),
            True,
            f"false on plan {plan}",
            "AWS WAF logs come with the plans pro and business",
            "leave it out, or set edge.plan to pro",
        )
    for key in ("ip_rate", "anonymous_rate"):
        window = getattr(edge.firewall, key).window_seconds
        if window != firewall.PLAN_WINDOW:
            yield Problem(
                ("edge", "firewall", key, "window_seconds"),
                window,
                f"{firewall.PLAN_WINDOW} on plan {plan}",
                "a flat-rate plan limits an address over five minutes",
                f"leave it out and set edge.firewall.{key}.requests for five minutes, "
                "or set edge.plan to payg",
            )


def firewall_rules_fit_the_plan(stack: StackConfig) -> Iterator[Problem]:
    """Each plan has a number of rules, and rules it knows."""
    edge, rules = stack.edge, firewall.rules(stack.edge)
    plan = firewall.made_for(edge)
    most = firewall.MOST_RULES.get(plan)
    if most is not None and len(rules) > most:
        yield Problem(
            ("edge", "firewall", "rules"),
            list(rules),
            f"at most {most} rules on plan {plan}",
            "AWS WAF refuses more on this plan",
            "leave some out, or set edge.plan to a higher one",
        )
    for number, rule in enumerate(edge.firewall.rules or ()):
        if not firewall.allows(plan, rule):
            yield Problem(
                ("edge", "firewall", "rules", number),
                rule,
                f"a rule of plan {plan}",
                f"{rule} comes with the plan {firewall.LEAST_PLAN[rule]}",
                f"leave it out, or set edge.plan to {firewall.LEAST_PLAN[rule]}",
            )
    if "BodySize" in rules and "Common" not in rules:
        yield Problem(
            ("edge", "firewall", "rules"),
            list(rules),
            "Common beside BodySize",
            "BodySize decides on the large bodies that Common finds",
            "add Common, or leave BodySize out",
        )


def counted_rules_are_in_force(stack: StackConfig) -> Iterator[Problem]:
    """A rule that is not there counts nothing, and its day would be waited for in vain."""
    rules = firewall.rules(stack.edge)
    for rule, day in stack.edge.firewall.count.items():
        if rule not in rules:
            yield Problem(
                ("edge", "firewall", "count", rule),
                day.isoformat(),
                "a rule in force",
                f"the firewall has no rule {rule}",
                f"use one of: {', '.join(rules)}" if rules else "set edge.firewall.enabled to true",
            )
