"""Rules for what AWS WAF only counts: for a while, to see whom it would refuse."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import MISSING, value, values
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.edge.firewall import GROUP, WebAclRule, counts, each_acl
from policies.stack import Stack

HARMLESS: Final = {
    "SizeRestrictions_BODY": "8 KB is less than honest requests have",
    "HostingProviderIPList": "programs with a key of ours run where servers are rented",
}
"""Rules of AWS's groups that may count for good, and why: they tell what is large or rented, not
what is an attack."""
COUNT_TAG: Final = "count:"
LONGEST_COUNT: Final = timedelta(days=90)


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


RULES: Final[tuple[Rule, ...]] = (firewall_counts_for_a_while,)
