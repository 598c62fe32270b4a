"""Rules for a web ACL's rules, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.edge import firewall_rules
from policies.rules.edge.firewall_rules import firewall_counts_for_a_while
from tests.policies.cases import Case, both, case, changed, check, judged
from tests.stacks import built

ACL = "wafv2.WebAcl firewall"
COMMON, BODY, SOME = (f"rules[name={name}]" for name in ("Common", "BodySize", "AnonymousRate"))
STEPS = (
    "statement.rateBasedStatement.scopeDownStatement.andStatement.statements[*]"
    ".byteMatchStatement.textTransformations"
)
OVERRIDES = "statement.managedRuleGroupStatement.ruleActionOverrides"


def counting(until=None):
    """The stack that counts what Common would block; the day it is judged on is 22 November."""
    return both(
        changed(ACL, f"{COMMON}.overrideAction", {"count": {}}),
        changed(ACL, "tags", {"count:Common": until} if until else {}),
    )


def overridden(name, action):
    return changed(ACL, f"{COMMON}.{OVERRIDES}", [{"name": name, "actionToUse": {action: {}}}])


CASES = [
    *(
        case("firewall-labels-in-order", edit, ACL)
        for edit in (
            changed(ACL, f"{COMMON}.priority", 50),
            changed(ACL, f"{BODY}.priority", 0),
            changed(ACL, COMMON, None),
        )
    ),
    case(
        "firewall-decodes-first", changed(ACL, f"{SOME}.{STEPS}[type=URL_DECODE].priority", 10), ACL
    ),
    *(
        case("firewall-counts-for-a-while", edit, ACL)
        for edit in (
            counting(),
            counting("soon"),
            counting("2026-11-21"),
            counting("2027-02-21"),
            overridden("NoUserAgent_HEADER", "count"),
            overridden("NoUserAgent_HEADER", "allow"),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, firewall_rules.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in firewall_rules.RULES}


@pytest.mark.parametrize(
    "edit",
    [
        counting("2026-11-22"),
        counting("2027-02-20"),
        overridden("SizeRestrictions_BODY", "count"),
        overridden("NoUserAgent_HEADER", "captcha"),
    ],
)
def test_a_rule_may_count_for_ninety_days_if_it_says_so(edit):
    assert judged(firewall_counts_for_a_while, edit(built("prod")), Verdict.MET) == [ACL]
