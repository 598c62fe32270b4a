"""Rules for the way in, each with a stack that breaks it."""

import pytest

from graph.model import UNKNOWN
from policies.rule import Verdict
from policies.rules.stack import reachability
from tests.policies.cases import Case, case, changed, check, judged
from tests.stacks import built

CDN = "cloudfront.Distribution cdn"
API = "origins[originId=api]"
DIGESTS = "environment.variables.ORIGIN_DIGESTS"

CASES = [
    case("api-origins-locked", changed(CDN, f"{API}.customHeaders", None), CDN),
    case("api-origins-locked", changed(CDN, f"{API}.customHeaders[*].value", "short"), CDN),
    *(
        case("functions-know-the-lock", changed(label, DIGESTS, digest), label)
        for label, digest in (
            ("lambda.Function worker", None),
            ("lambda.Function connect-authorizer", "0" * 64),
            ("lambda.Function simcore", "0" * 64),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, reachability.RULES)


@pytest.mark.parametrize("rule", reachability.RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize(
    "stack",
    [
        lambda: built("prod", unknown=True),
        lambda: changed(CDN, "origins", UNKNOWN)(built("prod")),
    ],
    ids=["before a first deployment", "with origins that a secret hides"],
)
def test_what_is_not_known_is_undecided(rule, stack):
    stack = stack()

    assert judged(rule, stack, Verdict.VIOLATED) == judged(rule, stack, Verdict.MET) == []
    assert judged(rule, stack, Verdict.UNDECIDED) != []


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in reachability.RULES}
