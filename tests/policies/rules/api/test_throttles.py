"""Rules for throttles, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.api import throttles
from policies.rules.api.throttles import stage_throttled
from tests.policies.cases import Case, case, changed, check, judged, without
from tests.stacks import built

HTTP, WEBSOCKET = "apigatewayv2.Stage http", "apigatewayv2.Stage websocket"
OWN = "defaultRouteSettings"
ROUTE = "routeSettings[routeKey=$default]"

CASES = [
    *(
        case("stage-throttled", changed(stage, f"{OWN}.{path}", value), stage)
        for stage in (HTTP, WEBSOCKET)
        for path, value in (
            (throttles.RATE, None),
            (throttles.RATE, 0),
            (throttles.RATE, 2_000),
            (throttles.BURST, None),
            (throttles.BURST, 4_000),
        )
    ),
    *(
        case("stage-throttled", changed(HTTP, f"{ROUTE}.{path}", value), HTTP)
        for path, value in (
            (throttles.RATE, None),
            (throttles.RATE, 500),
            (throttles.BURST, None),
            (throttles.BURST, 1_000),
        )
    ),
    case("stage-throttled", changed(HTTP, OWN, None), HTTP),
    *(
        case(
            "stage-fits-functions",
            changed(stage, OWN, {throttles.RATE: 2_000, throttles.BURST: 4_000}),
            stage,
        )
        for stage in (HTTP, WEBSOCKET)
    ),
    case("open-catch-all-throttled", changed(HTTP, "routeSettings", None), HTTP),
    case(
        "preflights-set-apart",
        without("apigatewayv2.Route http-preflight"),
        "apigatewayv2.Api http",
    ),
    case("open-catch-all-throttled", changed(HTTP, f"{ROUTE}.{throttles.RATE}", 150), HTTP),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, throttles.RULES)


@pytest.mark.parametrize("stack", ["dev", "staging", "prod", "enterprise"])
def test_every_tier_is_throttled(stack):
    assert judged(stage_throttled, built(stack), Verdict.MET) == [HTTP, WEBSOCKET]


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in throttles.RULES}
