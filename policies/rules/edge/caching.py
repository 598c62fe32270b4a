"""Rules for CloudFront: what it keeps of an answer, and what it makes of one."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import values, wholly
from policies.purpose import DISTRIBUTION
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.edge.cdn import behaviours
from policies.rules.edge.origins import is_bucket, origins
from policies.stack import Stack

CACHE_POLICY: Final = "aws:cloudfront/cachePolicy:CachePolicy"

CACHING_DISABLED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html"""

CACHED_ERRORS: Final[set[Data]] = {400, 403, 404, 405, 500, 501, 502, 503, 504}
"""The statuses of an API that CloudFront keeps for 10 s, whatever their headers say:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html"""


@rule(
    fix="remove responsePagePath and responseCode: let the site's paths be rewritten instead",
    severity="high",
)
def errors_stay_errors(stack: Stack) -> Iterator[Judgement]:
    """No status has a page of its own: it would make a page, and a success, of an API's error."""
    for distribution in stack.of(DISTRIBUTION):
        responses = _responses(distribution)
        if responses is None:
            yield undecided(distribution, "customErrorResponses")
            continue
        paged = [
            each.get("errorCode")
            for each in responses
            if each.get("responsePagePath") or each.get("responseCode")
        ]
        if paged:
            yield violated(distribution, f"{', '.join(map(str, paged))} have pages")
        else:
            yield met(distribution)


@rule(
    fix=f"set errorCachingMinTtl to 0 for {', '.join(map(str, sorted(CACHED_ERRORS)))}",
    severity="medium",
)
def errors_not_kept(stack: Stack) -> Iterator[Judgement]:
    """Where a distribution leads to an API no error is kept: one caller's would be another's."""
    for distribution in stack.of(DISTRIBUTION):
        found, responses = origins(distribution), _responses(distribution)
        if found is None or responses is None:
            yield undecided(distribution, "customErrorResponses")
            continue
        if all(map(is_bucket, found)):
            continue
        brief = {each.get("errorCode") for each in responses if each.get("errorCachingMinTtl") == 0}
        kept = (CACHED_ERRORS | {each.get("errorCode") for each in responses}) - brief
        if kept:
            yield violated(distribution, f"keeps {', '.join(sorted(map(str, kept)))}")
        else:
            yield met(distribution)


def _responses(distribution: Resource) -> list[dict[str, Data]] | None:
    found = distribution.inputs.get("customErrorResponses") or ()
    return list(found) if wholly(found) else None


def _to_apis(distribution: Resource) -> list[dict[str, Data]] | None:
    """The behaviours that lead to an API."""
    targets, found = origins(distribution), behaviours(distribution)
    if targets is None or found is None:
        return None
    apis = {each.get("originId") for each in targets if not is_bucket(each)}
    return [each for each in found if each.get("targetOriginId") in apis]


@rule(
    fix=f"set cachePolicyId to {CACHING_DISABLED}, CloudFront's CachingDisabled",
    severity="high",
)
def api_answers_not_kept(stack: Stack) -> Iterator[Judgement]:
    """What an API answers is for who asked: no behaviour that leads to one keeps it."""
    for distribution in stack.of(DISTRIBUTION):
        found = _to_apis(distribution)
        if found is None:
            yield undecided(distribution, "orderedCacheBehaviors")
            continue
        policies = [each.get("cachePolicyId") for each in found]
        never = {CACHING_DISABLED, UNKNOWN} | {
            policy.id for policy in stack.of(CACHE_POLICY) if policy.inputs.get("maxTtl") == 0
        }
        if not set(policies) <= never:
            yield violated(distribution, f"an API's behaviour caches by {policies}")
        elif UNKNOWN in policies:
            yield undecided(distribution, "cachePolicyId")
        elif policies:
            yield met(distribution)


@rule(
    fix="associate a viewer-request function that overwrites the header APIs take the address from",
    severity="medium",
)
def api_callers_addressed(stack: Stack) -> Iterator[Judgement]:
    """A function says at the edge who asks an API: what a viewer can say limits nobody."""
    for distribution in stack.of(DISTRIBUTION):
        found = _to_apis(distribution)
        if found is None:
            yield undecided(distribution, "orderedCacheBehaviors")
            continue
        events = [values(each, "functionAssociations[*].eventType") for each in found]
        silent = [each for each in events if "viewer-request" not in each]
        if any(UNKNOWN not in each for each in silent):
            yield violated(distribution, "an API's behaviour has no viewer-request function")
        elif silent:
            yield undecided(distribution, "functionAssociations")
        elif events:
            yield met(distribution)


RULES: Final[tuple[Rule, ...]] = (
    errors_stay_errors,
    errors_not_kept,
    api_answers_not_kept,
    api_callers_addressed,
)
