"""Rules for pages of other origins, each with a stack that breaks it."""

import pytest

from policies.rules.api import cors
from tests.policies.cases import Case, case, changed, check

API = "apigatewayv2.Api http"

CASES = [
    *(
        case("api-cors-origins-named", changed(API, "corsConfiguration.allowOrigins", origins), API)
        for origins in (["*"], ["https://*.example.com"], ["http://app.example.com"])
    ),
    *(
        case(rule, changed(API, path, value), API)
        for rule, path, value in (
            ("api-cors-methods-named", "corsConfiguration.allowMethods", ["*"]),
            ("api-cors-headers-named", "corsConfiguration.allowHeaders", ["*"]),
            ("api-cors-answers-expire", "corsConfiguration.maxAge", 864_000),
            ("api-cors-answers-expire", "corsConfiguration.maxAge", None),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, cors.RULES)


def test_a_page_of_the_developers_own_machine_may_call():
    assert cors.ORIGIN.holds("http://localhost:5173")
    assert not cors.ORIGIN.holds("http://localhost.example.com")


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in cors.RULES}
