"""Rules for each of AWS WAF's rules: how it tells a request, and whether it only counts it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import MISSING, value, values
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.edge.firewall import GROUP, WebAclRule, counts, each_acl, groups
from policies.stack import Stack

NAMESPACE: Final = "awswaf:managed:aws:"
LABELS: Final = {
    "amazon-ip-list": "AmazonIpReputationList",
    "anonymous-ip-list": "AnonymousIpList",
    "core-rule-set": "CommonRuleSet",
    "known-bad-inputs": "KnownBadInputsRuleSet",
    "sql-database": "SQLiRuleSet",
}
"""Which of AWS's groups gives the labels of a namespace.
https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html"""
DECODED: Final = ("URL_DECODE", "NORMALIZE_PATH")
"""What must come first: an encoded .. is no .. yet."""

HARMLESS: Final = {
    "SizeRestrictions_BODY": "8 KB is less than honest requests have",
    "HostingProviderIPList": "programs with a key of ours run where servers are rented",
}
"""Rules of AWS's groups that may count for good, and why: they tell what is large or rented, not
what is an attack."""
COUNT_TAG: Final = "count:"
LONGEST_COUNT: Final = timedelta(days=90)


@rule(
    fix="give the rule a higher priority than the group that labels, and keep that group",
    severity="high",
)
def firewall_labels_in_order(stack: Stack) -> Iterator[Judgement]:
    """A rule that goes by a label comes after the group that gives it: before, it never matches."""
    return each_acl(stack, _labelled)


def _labelled(_: Stack, acl: Resource, rules: list[WebAclRule]) -> Judgement:
    given = {name: each.get("priority", 0) for each in rules for name in groups([each])}
    early = [
        str(each.get("name"))
        for each in rules
        for match in _within(each, "labelMatchStatement")
        if (group := LABELS.get(_namespace(match)))
        and given.get(group, each.get("priority", 0)) >= each.get("priority", 0)
    ]
    return violated(acl, f"{', '.join(early)} never matches") if early else met(acl)


def _namespace(match: Mapping[str, Data]) -> str:
    return str(match.get("key")).removeprefix(NAMESPACE).partition(":")[0]


@rule(
    fix=f"let {DECODED[0]} have a lower priority than {DECODED[1]}",
    severity="medium",
)
def firewall_decodes_first(stack: Stack) -> Iterator[Judgement]:
    """A path is decoded before it is made plain, as what is behind the firewall does it."""
    return each_acl(stack, _decoded)


def _decoded(_: Stack, acl: Resource, rules: list[WebAclRule]) -> Judgement:
    orders = [
        [each.get("type") for each in sorted(steps, key=lambda step: step.get("priority", 0))]
        for steps in _within(rules, "textTransformations")
    ]
    wrong = [order for order in orders if {*DECODED} <= {*order} and not _in_order(order)]
    return violated(acl, f"transforms in the order {wrong[0]}") if wrong else met(acl)


def _in_order(order: list[Data]) -> bool:
    first, then = DECODED
    return order.index(first) < order.index(then)


def _within(data: Data, key: str) -> Iterator[Data]:
    """Whatever has that name, however deep."""
    if isinstance(data, Mapping):
        if key in data:
            yield data[key]
        data = list(data.values())
    if isinstance(data, (list, tuple)):
        for each in data:
            yield from _within(each, key)


@rule(
    fix=f"tag the web ACL {COUNT_TAG}<rule> with the day it will block, {LONGEST_COUNT.days} days "
    "ahead at most, or let it block",
    severity="high",
)
def firewall_counts_for_a_while(stack: Stack) -> Iterator[Judgement]:
    """A rule that only counts what it would block says until when, and has not passed that day."""
    return each_acl(stack, _dated)


def _dated(stack: Stack, acl: Resource, rules: list[WebAclRule]) -> Judgement:
    tags = acl.inputs.get("tags") or {}
    if tags is UNKNOWN:
        return undecided(acl, "tags")
    faults = [
        f"{name} {fault}"
        for name in _counting(rules)
        if (fault := _overdue(tags.get(f"{COUNT_TAG}{name}"), stack.today))
    ]
    return violated(acl, "; ".join(faults)) if faults else met(acl)


def _counting(rules: list[WebAclRule]) -> Iterator[str]:
    """Rules, and rules of groups, that block nothing."""
    for each in rules:
        if counts(each):
            yield str(each.get("name"))
        for inner in _overrides(each):
            idle = any(value(inner, f"actionToUse.{a}") is not MISSING for a in ("count", "allow"))
            if idle and inner.get("name") not in HARMLESS:
                yield str(inner.get("name"))


def _overrides(each: WebAclRule) -> list[Mapping[str, Data]]:
    found = values(each, f"{GROUP}.ruleActionOverrides[*]")
    return [inner for inner in found if isinstance(inner, Mapping)]


def _overdue(day: Data, today: date) -> str:
    if day is UNKNOWN:
        return ""
    try:
        end = date.fromisoformat(str(day))
    except ValueError:
        return "counts without a day it ends"
    if end < today:
        return f"should have ended counting on {end}"
    if end - today > LONGEST_COUNT:
        return f"counts until {end}, over {LONGEST_COUNT.days} days"
    return ""


RULES: Final[tuple[Rule, ...]] = (
    firewall_labels_in_order,
    firewall_decodes_first,
    firewall_counts_for_a_while,
)
