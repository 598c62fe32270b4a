"""Rules for web ACLs, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.edge import firewall
from policies.rules.edge.firewall import firewall_blocks_log4j, firewall_has_general_groups
from tests.policies.cases import Case, case, changed, check, judged
from tests.stacks import built

ACL = "wafv2.WebAcl firewall"
RATE = "rules[name=IpRate]"
SOME = "rules[name=AnonymousRate]"
LIMIT = "statement.rateBasedStatement"


CASES = [
    case("firewall-has-rules", changed(ACL, "rules", None), ACL),
    case("firewall-rules-readable", changed(ACL, "ruleJson", "[]"), ACL),
    case("firewall-rules-act", changed(ACL, f"{RATE}.action", None), ACL),
    *(
        case("firewall-limits-rates", changed(ACL, path, value), ACL)
        for path, value in (
            (RATE, None),
            (f"{RATE}.action", {"count": {}}),
            (f"{RATE}.{LIMIT}.limit", 50_000),
            (f"{RATE}.{LIMIT}.limit", None),
            (f"{RATE}.{LIMIT}.aggregateKeyType", "CONSTANT"),
            (f"{SOME}.{LIMIT}.limit", 3_000),
            (f"{SOME}.{LIMIT}.evaluationWindowSec", 3_000),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, firewall.RULES)


def grouped(*groups, action="none"):
    return changed(
        ACL,
        "rules",
        [
            {
                "name": group,
                "overrideAction": {action: {}},
                "statement": {"managedRuleGroupStatement": {"name": f"AWSManagedRules{group}"}},
            }
            for group in groups
        ],
    )


@pytest.mark.parametrize(
    ("rule", "groups"),
    [
        (firewall_has_general_groups, firewall.GENERAL),
        (firewall_blocks_log4j, firewall.LOG4J),
    ],
    ids=["general", "log4j"],
)
def test_each_group_is_there_and_blocks(rule, groups):
    sound, idle = grouped(*groups), grouped(*groups, action="count")
    fewer = [grouped(*(set(groups) - {group})) for group in groups]

    assert judged(rule, sound(built("prod")), Verdict.MET) == [ACL]
    for edit in (idle, *fewer):
        assert judged(rule, edit(built("prod")), Verdict.VIOLATED) == [ACL]


def test_every_rule_has_a_stack_that_breaks_it():
    apart = {firewall_has_general_groups.name, firewall_blocks_log4j.name}
    assert {case.rule for case in CASES} | apart == {rule.name for rule in firewall.RULES}
