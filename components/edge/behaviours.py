"""What the distribution does with a path, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pulumi import Input, Output
from pulumi_aws.cloudfront import (
    DistributionDefaultCacheBehaviorArgsDict as DefaultBehaviour,
)
from pulumi_aws.cloudfront import (
    DistributionDefaultCacheBehaviorFunctionAssociationArgsDict as Association,
)
from pulumi_aws.cloudfront import (
    DistributionOrderedCacheBehaviorArgsDict as PathBehaviour,
)

from components.edge.scripts import Script
from config.sections.edge import Plan
from contract.routes import WEBSOCKET_STAGE

Origin = Literal["site", "api", "websocket"]

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html"""

ALL_VIEWER_EXCEPT_HOST_HEADER = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""API Gateway answers 403 to a Host that is not its own:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html"""

READ = ("GET", "HEAD")
ALL = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""CloudFront takes three sets of methods only; PATCH comes with the others."""


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """How requests for a path are answered; a script that the stack has not got is not run."""

    origin: Origin
    methods: tuple[str, ...] = READ
    cache_policy: str = CACHING_OPTIMIZED
    request_policy: str | None = None
    on_request: Script | None = None
    on_response: Script


DEFAULT = Behaviour(origin="site", on_request="rewrite", on_response="csp")

BEHAVIOURS: Mapping[str, Behaviour] = {
    "/assets/*": Behaviour(origin="site", on_response="csp"),
    "/api/*": Behaviour(
        origin="api",
        methods=ALL,
        cache_policy=CACHING_DISABLED,
        request_policy=ALL_VIEWER_EXCEPT_HOST_HEADER,
        on_request="viewer_ip",
        on_response="hsts",
    ),
    f"/{WEBSOCKET_STAGE}": Behaviour(
        origin="websocket",
        cache_policy=CACHING_DISABLED,
        request_policy=ALL_VIEWER_EXCEPT_HOST_HEADER,
        on_request="viewer_ip",
        on_response="hsts",
    ),
}
"""By path, first match first. With the default they are four; the free plan has five."""

UNCACHED_ERRORS = (400, 403, 404, 405, 500, 501, 502, 503, 504)
"""CloudFront keeps these for 10 s, whatever the origin says, under a key without Authorization:
one viewer's refusal would be another's. None has a response page, which would hide API errors."""

PRICE_CLASS: Mapping[Plan, str] = {
    "payg": "PriceClass_100",
    "free": "PriceClass_All",
    "pro": "PriceClass_All",
    "business": "PriceClass_All",
}
"""A flat-rate plan costs the same from every edge location."""

LOGGED_PLANS: frozenset[Plan] = frozenset({"payg", "pro", "business"})
"""The free plan has no access logs:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html"""


def default_behaviour(
    functions: Mapping[Script, Output[str]], headers_policy: Input[str]
) -> DefaultBehaviour:
    """For what no path matches; ``functions`` are the scripts' ARNs."""
    return _inputs(DEFAULT, functions, headers_policy)


def path_behaviours(
    functions: Mapping[Script, Output[str]], headers_policy: Input[str], *, realtime: bool
) -> list[PathBehaviour]:
    """For the paths, of which one is realtime's."""
    return [
        {"path_pattern": path, **_inputs(behaviour, functions, headers_policy)}
        for path, behaviour in BEHAVIOURS.items()
        if realtime or behaviour.origin != "websocket"
    ]


def _inputs(
    behaviour: Behaviour, functions: Mapping[Script, Output[str]], headers_policy: Input[str]
) -> DefaultBehaviour:
    associations: list[Association] = [
        {"event_type": event, "function_arn": functions[script]}
        for event, script in (
            ("viewer-request", behaviour.on_request),
            ("viewer-response", behaviour.on_response),
        )
        if script and script in functions
    ]
    return {
        "target_origin_id": behaviour.origin,
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": list(behaviour.methods),
        "cached_methods": list(READ),
        "compress": True,
        "cache_policy_id": behaviour.cache_policy,
        "origin_request_policy_id": behaviour.request_policy,
        "response_headers_policy_id": headers_policy,
        "function_associations": associations,
    }
