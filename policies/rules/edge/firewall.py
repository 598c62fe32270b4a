"""Rules for what AWS WAF's web ACLs refuse; they are there in production."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from graph.model import Data, Resource
from policies.paths import MISSING, value, wholly
from policies.predicates import ABSENT, items_at_least
from policies.rule import Judgement, Property, Rule, each_known, met, rule, violated
from policies.stack import Stack

ACL: Final = "aws:wafv2/webAcl:WebAcl"

GROUP: Final = "statement.managedRuleGroupStatement"
RATE: Final = "statement.rateBasedStatement"
PREFIX: Final = "AWSManagedRules"

GENERAL: Final = ("CommonRuleSet", "SQLiRuleSet", "AmazonIpReputationList")
LOG4J: Final = ("KnownBadInputsRuleSet", "AnonymousIpList")

ACTIONS: Final = ("action", "overrideAction")
WINDOWS: Final = (60, 120, 300, 600)
FIVE_MINUTES: Final = 300
"""Where nothing is said."""
MOST_A_MINUTE: Final = 2_000
MOST_A_MINUTE_OF_SOME: Final = 300
"""Of the requests a statement narrows down to: it is there to be stricter."""

WebAclRule = Mapping[str, Any]
Judge = Callable[[Stack, Resource, list[WebAclRule]], Judgement]

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="firewall-has-rules",
        type=ACL,
        path="rules",
        must=items_at_least(1),
        controls=["10.1"],
        fix="give the web ACL rules: without any it lets everything through",
        production=True,
    ),
    Property(
        name="firewall-rules-readable",
        type=ACL,
        path="ruleJson",
        must=ABSENT,
        controls=["10.1"],
        fix="declare rules as properties: what is in ruleJson no rule of this pack sees",
        production=True,
    ),
)


def each_acl(stack: Stack, judge: Judge) -> Iterator[Judgement]:
    """The verdict on each web ACL's rules, if all of them are known."""
    return each_known(((acl, _rules(acl)) for acl in stack.of(ACL)), "rules", partial(judge, stack))


def _rules(acl: Resource) -> list[WebAclRule] | None:
    found = acl.inputs.get("rules") or ()
    return list(found) if wholly(found) else None


def groups(rules: list[WebAclRule]) -> set[str]:
    """AWS's groups among them, without the prefix all their names have."""
    names = [value(each, f"{GROUP}.name") for each in rules]
    return {str(name).removeprefix(PREFIX) for name in names if name is not MISSING}


def counts(each: WebAclRule) -> bool:
    """Whether it lets through what it matches, and counts it."""
    return any(value(each, f"{key}.count") is not MISSING for key in ACTIONS)


@rule("10.4", production=True, fix=f"add AWS's groups {', '.join(GENERAL)}")
def firewall_has_general_groups(stack: Stack) -> Iterator[Judgement]:
    """AWS's groups against common attacks, SQL injection and known attackers are in force."""
    return each_acl(stack, partial(_has, wanted=GENERAL))


@rule("10.5", production=True, fix=f"add AWS's groups {', '.join(LOG4J)}, overrideAction none")
def firewall_blocks_log4j(stack: Stack) -> Iterator[Judgement]:
    """AWS's groups against Log4j's hole and against who hides are in force, and block."""
    return each_acl(stack, partial(_has, wanted=LOG4J))


def _has(_: Stack, acl: Resource, rules: list[WebAclRule], *, wanted: tuple[str, ...]) -> Judgement:
    missing = set(wanted) - groups(rules)
    idle = groups([each for each in rules if counts(each)]) & set(wanted)
    if missing:
        return violated(acl, f"has no {', '.join(sorted(missing))}")
    return violated(acl, f"only counts {', '.join(sorted(idle))}") if idle else met(acl)


@rule("10.6", production=True, fix="set action, or overrideAction of a rule that is a group")
def firewall_rules_act(stack: Stack) -> Iterator[Judgement]:
    """Every rule says what becomes of a request it matches."""
    return each_acl(stack, _act)


def _act(_: Stack, acl: Resource, rules: list[WebAclRule]) -> Judgement:
    idle = [each.get("name") for each in rules if not any(each.get(key) for key in ACTIONS)]
    return violated(acl, f"{', '.join(map(str, idle))} do nothing") if idle else met(acl)


@rule(
    "10.7",
    production=True,
    fix=f"block by address: a rateBasedStatement with aggregateKeyType IP, {MOST_A_MINUTE} a "
    f"minute at most, {MOST_A_MINUTE_OF_SOME} if it narrows down",
)
def firewall_limits_rates(stack: Stack) -> Iterator[Judgement]:
    """No address asks without limit, whatever it asks for."""
    return each_acl(stack, _limited)


def _limited(_: Stack, acl: Resource, rules: list[WebAclRule]) -> Judgement:
    limits = [each for each in rules if value(each, RATE) is not MISSING]
    loose = [each.get("name") for each in limits if not _strict(value(each, RATE))]
    if loose:
        return violated(acl, f"{', '.join(map(str, loose))} lets too many requests through")
    for each in limits:
        statement = value(each, RATE)
        whole = not statement.get("scopeDownStatement")
        if whole and statement.get("aggregateKeyType") == "IP" and not counts(each):
            return met(acl)
    return violated(acl, "limits no address")


def _strict(statement: Mapping[str, Data]) -> bool:
    limit, window = statement.get("limit"), statement.get("evaluationWindowSec") or FIVE_MINUTES
    if not isinstance(limit, int) or window not in WINDOWS:
        return False
    narrow = statement.get("scopeDownStatement") and statement.get("aggregateKeyType") == "IP"
    return limit * 60 / window <= (MOST_A_MINUTE_OF_SOME if narrow else MOST_A_MINUTE)


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    firewall_has_general_groups,
    firewall_blocks_log4j,
    firewall_rules_act,
    firewall_limits_rates,
)
