"""Rules for what CloudFront does with a path."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import values
from policies.predicates import ON, one_of
from policies.purpose import DISTRIBUTION
from policies.rule import Judgement, Property, Rule, each_known, met, rule, undecided, violated
from policies.rules.edge.origins import is_bucket, origins
from policies.stack import Stack

CACHE_POLICY: Final = "aws:cloudfront/cachePolicy:CachePolicy"

CACHING_DISABLED: Final = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html"""

Behaviour = Mapping[str, Data]
Judge = Callable[[Stack, Resource, list[Behaviour]], Judgement | None]


def _has_paths(distribution: Resource) -> bool:
    return bool(distribution.inputs.get("orderedCacheBehaviors"))


def behaviours(distribution: Resource) -> list[Behaviour] | None:
    """All of them, the default first; None where not all are known."""
    default = distribution.inputs.get("defaultCacheBehavior")
    paths = distribution.inputs.get("orderedCacheBehaviors") or ()
    if UNKNOWN in (default, paths) or UNKNOWN in paths:
        return None
    return [each or {} for each in (default, *paths)]


BEHAVIOURS: Final = (
    ("default-behaviour", "defaultCacheBehavior", None),
    ("behaviours", "orderedCacheBehaviors[*]", _has_paths),
)

ROWS: Final[tuple[Rule, ...]] = (
    *(
        Property(
            name=f"{name}-https",
            type=DISTRIBUTION,
            path=f"{path}.viewerProtocolPolicy",
            must=one_of("redirect-to-https", "https-only"),
            controls=["2.2"],
            fix="set viewerProtocolPolicy to redirect-to-https",
            only=only,
        )
        for name, path, only in BEHAVIOURS
    ),
    *(
        Property(
            name=f"{name}-compressed",
            type=DISTRIBUTION,
            path=f"{path}.compress",
            must=ON,
            controls=[],
            severity="low",
            fix="set compress to true: what leaves CloudFront is paid for by the byte",
            only=only,
        )
        for name, path, only in BEHAVIOURS
    ),
)


@rule(
    fix=f"set cachePolicyId to {CACHING_DISABLED}, CloudFront's CachingDisabled",
    severity="critical",
)
def api_answers_not_kept(stack: Stack) -> Iterator[Judgement]:
    """What an API answers is for who asked: no behaviour that leads to one keeps it."""
    return _each_to_apis(stack, _not_kept)


def _not_kept(stack: Stack, distribution: Resource, found: list[Behaviour]) -> Judgement | None:
    policies = [each.get("cachePolicyId") for each in found]
    never = {CACHING_DISABLED, UNKNOWN} | {
        policy.id for policy in stack.of(CACHE_POLICY) if policy.inputs.get("maxTtl") == 0
    }
    if not set(policies) <= never:
        return violated(distribution, f"an API's behaviour caches by {policies}")
    if UNKNOWN in policies:
        return undecided(distribution, "cachePolicyId")
    return met(distribution) if policies else None


@rule(
    fix="associate a viewer-request function that overwrites the header APIs take the address from",
    severity="medium",
)
def api_callers_addressed(stack: Stack) -> Iterator[Judgement]:
    """A function says at the edge who asks an API: what a viewer can say limits nobody."""
    return _each_to_apis(stack, _addressed)


def _addressed(_: Stack, distribution: Resource, found: list[Behaviour]) -> Judgement | None:
    events = [values(each, "functionAssociations[*].eventType") for each in found]
    silent = [each for each in events if "viewer-request" not in each]
    if any(UNKNOWN not in each for each in silent):
        return violated(distribution, "an API's behaviour has no viewer-request function")
    if silent:
        return undecided(distribution, "functionAssociations")
    return met(distribution) if events else None


def _each_to_apis(stack: Stack, judge: Judge) -> Iterator[Judgement]:
    """The verdict on each distribution's behaviours that lead to an API."""
    found = ((each, _to_apis(each)) for each in stack.of(DISTRIBUTION))
    return each_known(found, "orderedCacheBehaviors", partial(judge, stack))


def _to_apis(distribution: Resource) -> list[Behaviour] | None:
    targets, found = origins(distribution), behaviours(distribution)
    if targets is None or found is None:
        return None
    apis = {each.get("originId") for each in targets if not is_bucket(each)}
    return [each for each in found if each.get("targetOriginId") in apis]


RULES: Final[tuple[Rule, ...]] = (*ROWS, api_answers_not_kept, api_callers_addressed)
