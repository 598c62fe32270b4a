"""Rules for how AWS WAF's rules tell a request: by labels, and by what they make of it first."""

from collections.abc import Iterator, Mapping
from typing import Final

from graph.model import Data, Resource
from policies.rule import Judgement, Rule, met, rule, violated
from policies.rules.edge.firewall import WebAclRule, each_acl, groups
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


RULES: Final[tuple[Rule, ...]] = (firewall_labels_in_order, firewall_decodes_first)
