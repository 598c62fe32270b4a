"""Rules for what an authorizer keeps: an answer is for whoever gave the same identity sources.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
"""

from collections.abc import Callable, Iterator
from typing import Final

from graph.model import UNKNOWN, Resource
from policies.paths import MISSING, values, wholly
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.api.gateway import API, AUTHORIZER, distributions, is_websocket
from policies.stack import Stack

NAMED: Final = "identitySources[*]"
TTL: Final = "authorizerResultTtlInSeconds"
HEADER: Final = "$request.header."

AUTHORIZATION: Final = "authorization"
"""Where a credential is unless an API says otherwise:
https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2"""
CREDENTIALS: Final = {AUTHORIZATION, "proxy-authorization", "apikey", "x-api-key", "x-auth-token"}

Needed = Callable[[Stack, Resource], set[str] | None]


@rule(
    fix=f"add the header that holds the credential to identitySources, or set {TTL} to 0",
    severity="critical",
)
def cached_authorizer_keyed_by_credential(stack: Stack) -> Iterator[Judgement]:
    """What an authorizer answered one caller is not given to the next, whose credential is another
    or none."""
    return _keyed(stack, _credentials)


@rule(
    fix=f"add the header the distribution sends to identitySources, or set {TTL} to 0",
    severity="high",
)
def authorizer_cache_knows_the_way(stack: Stack) -> Iterator[Judgement]:
    """What an authorizer answered who came by the CDN is not kept for who goes around it."""
    return _keyed(stack, _sent)


def _keyed(stack: Stack, needed: Needed) -> Iterator[Judgement]:
    """Whether each authorizer that keeps its answers keeps them under all that is needed."""
    for authorizer in stack.of(AUTHORIZER):
        if not _keeps(stack, authorizer):
            continue
        headers = needed(stack, authorizer)
        if headers is None:
            yield undecided(authorizer, "which headers callers and the distribution send")
            continue
        wanted = {f"{HEADER}{name}" for name in headers}
        if wanted <= {str(source).lower() for source in values(authorizer.inputs, NAMED)}:
            yield met(authorizer)
        elif not wholly(authorizer.inputs.get("identitySources")):
            yield undecided(authorizer, "identitySources")
        else:
            yield violated(authorizer, f"keeps an answer without {', '.join(sorted(wanted))}")


def _keeps(stack: Stack, authorizer: Resource) -> bool:
    """Unsaid, the provider has an HTTP API's keep what has identity sources for 300 seconds:
    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/apigatewayv2/authorizer.go
    """
    if authorizer.inputs.get("authorizerType") != "REQUEST" or is_websocket(stack, authorizer):
        return False
    unsaid = bool(authorizer.inputs.get("identitySources"))
    return bool(authorizer.inputs.get(TTL, unsaid))


def _credentials(stack: Stack, authorizer: Resource) -> set[str] | None:
    """What a page may send to show who asks."""
    found: set[str] = set()
    for api in stack.targets(authorizer, "apiId", API):
        headers = values(api.inputs, "corsConfiguration.allowHeaders[*]")
        cookies = values(api.inputs, "corsConfiguration.allowCredentials")
        if UNKNOWN in (*headers, *cookies):
            return None
        found |= {str(name).lower() for name in headers} & CREDENTIALS
        found |= {"cookie"} if True in cookies else set()
    return found or {AUTHORIZATION}


def _sent(stack: Stack, authorizer: Resource) -> set[str] | None:
    """The headers a distribution adds on its way to the API."""
    fronts = [
        front
        for api in stack.targets(authorizer, "apiId", API)
        for front in distributions(stack, api)
    ]
    found = [n for f in fronts for n in values(f.inputs, "origins[*].customHeaders[*].name")]
    if UNKNOWN in found:
        return None
    return {str(name).lower() for name in found if name is not MISSING}


RULES: Final[tuple[Rule, ...]] = (
    cached_authorizer_keyed_by_credential,
    authorizer_cache_knows_the_way,
)
