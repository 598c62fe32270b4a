"""Rules for how web ACLs tell a request, each with a stack that breaks it."""

import pytest

from policies.rules.edge import firewall_matching
from tests.policies.cases import Case, case, changed, check

ACL = "wafv2.WebAcl firewall"
COMMON, BODY, SOME = (f"rules[name={name}]" for name in ("Common", "BodySize", "AnonymousRate"))
STEPS = (
    "statement.rateBasedStatement.scopeDownStatement.andStatement.statements[*]"
    ".byteMatchStatement.textTransformations"
)

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
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, firewall_matching.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in firewall_matching.RULES}
