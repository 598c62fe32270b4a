"""The platform's name, and what the account's plan allows."""

from collections.abc import Iterator

from config import firewall
from config.model import StackConfig
from config.problems import Problem

COMMON_NAME = 64
"""Characters of a certificate's first name, by RFC 5280:
https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html"""


def names_have_a_domain(stack: StackConfig) -> Iterator[Problem]:
    """All that is said of the platform's name wants a name."""
    edge = stack.edge
    for key in ("aliases", "zone_id", "certificate_arn", "hsts"):
        value = getattr(edge, key)
        if value and not edge.domain:
            yield Problem(
                ("edge", key),
                list(value) if key == "aliases" else value,
                "an edge.domain beside it",
                "it is about the platform's own name, and there is none",
                f"set edge.domain, or remove edge.{key}",
            )
    for number, alias in enumerate(edge.aliases):
        if alias in (edge.domain, *edge.aliases[:number]):
            yield Problem(
                ("edge", "aliases", number),
                alias,
                "a name that is said once",
                "edge.domain and edge.aliases together are the names that lead here",
                "remove it",
            )


def names_fit_a_certificate(stack: StackConfig) -> Iterator[Problem]:
    """ACM requests no certificate whose first name is longer."""
    edge = stack.edge
    if edge.domain and len(edge.domain) > COMMON_NAME and not edge.certificate_arn:
        yield Problem(
            ("edge", "domain"),
            edge.domain,
            f"at most {COMMON_NAME} characters without an edge.certificate_arn",
            "the first name of a certificate that ACM requests is also its common name",
            "shorten it, or name a certificate that has it as another name",
        )


def names_fit_the_plan(stack: StackConfig) -> Iterator[Problem]:
    """A flat-rate plan is for one registered domain: names with other ends cannot be of one.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html
    """
    edge = stack.edge
    if edge.plan == "payg" or not edge.domain:
        return
    for number, alias in enumerate(edge.aliases):
        if alias.split(".")[-2:] != edge.domain.split(".")[-2:]:
            yield Problem(
                ("edge", "aliases", number),
                alias,
                f"a name of {edge.domain}'s registered domain on plan {edge.plan}",
                "a flat-rate plan covers one registered domain and what is below it",
                "leave it out, or set edge.plan to payg",
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
