"""Rules for the way in: what stands behind the APIs answers the CDN alone."""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Data, Resource, Unknown
from policies.paths import values
from policies.purpose import DISTRIBUTION
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.edge.origins import Origin, origins
from policies.stack import Stack

API: Final = "aws:apigatewayv2/api:Api"
INTEGRATION: Final = "aws:apigatewayv2/integration:Integration"
AUTHORIZER: Final = "aws:apigatewayv2/authorizer:Authorizer"
ALIAS: Final = "aws:lambda/alias:Alias"
FUNCTION: Final = "aws:lambda/function:Function"

LOCK_HEADER: Final = "x-origin-verify"
"""By which an API knows that a request came through the distribution."""
LOCK_LENGTH: Final = 32

_DIGEST: Final = re.compile(r"\b[0-9a-f]{64}\b")


@rule(
    fix=f"send {LOCK_HEADER} in customHeaders, {LOCK_LENGTH} random characters or more",
    severity="high",
)
def api_origins_locked(stack: Stack) -> Iterator[Judgement]:
    """An API is told by a secret header that the request came through the distribution."""
    for distribution in stack.of(DISTRIBUTION):
        listed = origins(distribution)
        sent = [secret_sent(o) for o in listed or () if o.get("customOriginConfig")]
        if any(each is not UNKNOWN and len(str(each or "")) < LOCK_LENGTH for each in sent):
            yield violated(distribution, f"sends an API no {LOCK_HEADER}, or a short one")
        elif listed is None or UNKNOWN in sent:
            yield undecided(distribution, LOCK_HEADER)
        elif sent:
            yield met(distribution)


def secret_sent(origin: Origin) -> Data:
    """What proves to an origin where the request came from."""
    headers = origin.get("customHeaders") or ()
    if UNKNOWN in values(headers, "[*].name"):
        return UNKNOWN
    found = [h.get("value") for h in headers if str(h.get("name")).lower() == LOCK_HEADER]
    return found[0] if found else None


@rule(
    "3.3",
    "3.12",
    fix="give the function the SHA-256 of what the CDN sends, and refuse what lacks it",
)
def functions_know_the_lock(stack: Stack) -> Iterator[Judgement]:
    """Each function an API calls can tell what came through the CDN from what did not.

    Whoever calls the API itself passes firewall and throttles by, so it holds in every tier.
    A WebSocket has headers only when it opens, so there it is the authorizer's business.
    """
    sent = _sent(stack)
    called = {f.urn: f for way in _entrances(stack) for f in _functions(stack, *way)}
    for function in called.values():
        known = _known(function)
        if sent is None or known is None:
            yield undecided(function, LOCK_HEADER)
        elif sent and sent <= known:
            yield met(function)
        else:
            yield violated(function, f"does not know what {LOCK_HEADER} must be")


def _entrances(stack: Stack) -> Iterator[tuple[Resource, str]]:
    for integration in stack.of(INTEGRATION):
        apis = stack.targets(integration, "apiId", API)
        if all(api.inputs.get("protocolType") == "HTTP" for api in apis):
            yield integration, "integrationUri"
    for authorizer in stack.of(AUTHORIZER):
        yield authorizer, "authorizerUri"


def _functions(stack: Stack, entrance: Resource, by: str) -> Iterator[Resource]:
    yield from stack.targets(entrance, by, FUNCTION)
    for alias in stack.targets(entrance, by, ALIAS):
        yield from stack.targets(alias, "functionName", FUNCTION)


def _sent(stack: Stack) -> set[str] | None:
    """The digests of what distributions send; None where one is not known."""
    found: set[str] = set()
    for distribution in stack.of(DISTRIBUTION):
        listed = origins(distribution)
        values = [secret_sent(o) for o in listed or () if o.get("customOriginConfig")]
        if listed is None or UNKNOWN in values:
            return None
        found |= {hashlib.sha256(str(value).encode()).hexdigest() for value in values if value}
    return found


def _known(function: Resource) -> set[str] | None:
    """The digests in a function's environment; None where that is not known."""
    environment = function.inputs.get("environment") or {}
    variables = environment if isinstance(environment, Unknown) else environment.get("variables")
    if isinstance(variables, Unknown) or UNKNOWN in (variables or {}).values():
        return None
    return {found for value in (variables or {}).values() for found in _DIGEST.findall(str(value))}


RULES: Final[tuple[Rule, ...]] = (api_origins_locked, functions_know_the_lock)
