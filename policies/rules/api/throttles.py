"""Rules for what keeps an API from being asked too much."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from graph.model import Resource
from policies.paths import wholly
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.api.function import FUNCTION
from policies.rules.api.gateway import API, AUTHORIZER, INTEGRATION, ROUTE, STAGE
from policies.rules.api.invocations import callers, reserved
from policies.stack import Stack

RATE, BURST = "throttlingRateLimit", "throttlingBurstLimit"
MOST_RATE, MOST_BURST = 10_000, 5_000
"""An account's own in a Region: above them a stage's throttle is none.
https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"""
LEAST_SHARE, MOST_SHARE = 0.5, 5
"""Of the rate, what a burst may be: further apart, one of the two limits nothing."""
MOST_OF_ONE: Final = 10
"""Requests a second for each execution that is reserved: at 100 ms each it answers that many."""

CATCH_ALL: Final = "$default"
PREFLIGHT: Final = "OPTIONS /{proxy+}"

Settings = Mapping[str, Any]


def _settings(stage: Resource) -> list[Settings] | None:
    """The stage's own, then those of its routes; None where not all is known."""
    own, routes = stage.inputs.get("defaultRouteSettings"), stage.inputs.get("routeSettings") or ()
    return [each or {} for each in (own, *routes)] if wholly([own, routes]) else None


@rule(
    "3.6",
    fix=f"set {RATE} up to {MOST_RATE} and {BURST} up to {MOST_BURST}, between half and five "
    "times the rate, wherever one of them is set: an unset one becomes 0",
)
def stage_throttled(stack: Stack) -> Iterator[Judgement]:
    """Every stage, and every route with settings of its own, has a rate and a burst that fit each
    other; no route has more than its stage."""
    for stage in stack.of(STAGE):
        settings = _settings(stage)
        if settings is None:
            yield undecided(stage, "throttling")
            continue
        faults = [fault for each in settings if (fault := _loose(each, settings[0]))]
        yield violated(stage, "; ".join(faults)) if faults else met(stage)


def _loose(settings: Settings, stage: Settings) -> str:
    rate, burst = _limit(settings, RATE), _limit(settings, BURST)
    found = f"{settings.get('routeKey', 'the stage')} has rate {rate} and burst {burst}"
    if not rate or not burst:
        return found
    if rate > min(MOST_RATE, _limit(stage, RATE)) or burst > min(MOST_BURST, _limit(stage, BURST)):
        return f"{found}, over its stage's or the account's"
    if not LEAST_SHARE * rate <= burst <= MOST_SHARE * rate:
        return f"{found}, which do not fit"
    return ""


def _limit(settings: Settings, key: str) -> float:
    """0 where there is none, as AWS has it."""
    found = settings.get(key)
    return found if isinstance(found, (int, float)) and found > 0 else 0


@rule(
    "3.6",
    "4.6",
    production=True,
    fix=f"lower {RATE} to {MOST_OF_ONE} a second for each execution that the functions behind the "
    "APIs reserve, or reserve more",
)
def stage_fits_functions(stack: Stack) -> Iterator[Judgement]:
    """No stage lets in what the functions behind cannot answer: Lambda would refuse it instead,
    customers' requests among it."""
    behind = sum(reserved(f) for f in stack.of(FUNCTION) if _called(stack, f))
    for stage in stack.of(STAGE):
        settings = _settings(stage)
        if settings is None:
            yield undecided(stage, "throttling")
        elif behind and (rate := _limit(settings[0], RATE)) > MOST_OF_ONE * behind:
            yield violated(stage, f"lets {rate} a second in to {behind} executions")
        elif behind:
            yield met(stage)


def _called(stack: Stack, function: Resource) -> bool:
    return bool(
        callers(stack, function, INTEGRATION, "integrationUri")
        or callers(stack, function, AUTHORIZER, "authorizerUri")
    )


@rule(
    "3.6",
    fix="give the route settings of its own in routeSettings, with half the stage's rate at most",
)
def open_catch_all_throttled(stack: Stack) -> Iterator[Judgement]:
    """A route for everybody and everything has a part of its API's rate only: a scanner must not
    take what is there for customers."""
    for route in stack.of(ROUTE):
        if route.inputs.get("routeKey") != CATCH_ALL:
            continue
        if route.inputs.get("authorizationType") not in ("NONE", None):
            continue
        for api in stack.targets(route, "apiId", API):
            for stage in stack.companions(api, STAGE, "apiId"):
                yield _set_aside(stage)


def _set_aside(stage: Resource) -> Judgement:
    settings = _settings(stage)
    if settings is None:
        return undecided(stage, "throttling")
    own = [_limit(each, RATE) for each in settings[1:] if each.get("routeKey") == CATCH_ALL]
    whole = _limit(settings[0], RATE)
    # Half of the smallest rate would be none.
    if own and all(0 < rate <= max(1, whole / 2) for rate in own):
        return met(stage)
    return violated(stage, f"{CATCH_ALL} has rate {own[0] if own else whole} of {whole}")


@rule(
    fix=f"declare a route {PREFLIGHT}: what no route takes is the catch-all's, and has its rate",
    severity="medium",
)
def preflights_set_apart(stack: Stack) -> Iterator[Judgement]:
    """Where pages of other origins call, what browsers ask before does not share a scanner's rate.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """
    for api in stack.of(API):
        keys = {route.inputs.get("routeKey") for route in stack.companions(api, ROUTE, "apiId")}
        if api.inputs.get("corsConfiguration") and CATCH_ALL in keys:
            own = PREFLIGHT in keys
            yield met(api) if own else violated(api, f"answers preflights as {CATCH_ALL}")


RULES: Final[tuple[Rule, ...]] = (
    stage_throttled,
    stage_fits_functions,
    open_catch_all_throttled,
    preflights_set_apart,
)
