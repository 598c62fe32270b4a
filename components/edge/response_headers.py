"""The security headers of every answer, and how far browsers are to refuse plain HTTP."""

from collections.abc import Mapping

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions

from config.sections.edge import Edge, Hsts, Plan

YEAR_SECONDS = 31_536_000

DIRECTIVES: Mapping[Hsts | None, tuple[str, ...]] = {
    None: (),
    "subdomains": ("includeSubDomains",),
    # The list takes no name without its subdomains: https://hstspreload.org
    "preload": ("includeSubDomains", "preload"),
}

SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"
"""Right for the APIs too: there is no CORS header among them, so the API's own stand. It says HSTS
for a year, of this one name.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html"""

OWN_POLICY: frozenset[Plan] = frozenset({"payg", "business"})
"""The lower plans take CloudFront's own policies only:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html"""


def hsts(config: Edge) -> str:
    """The header's value. Browsers heed the last they saw, so that all answers say the same:
    https://www.rfc-editor.org/rfc/rfc6797#section-8.1"""
    return "; ".join((f"max-age={YEAR_SECONDS}", *DIRECTIVES[config.hsts]))


def by_function(config: Edge) -> bool:
    """Whether only a function can say it, which CloudFront does not run for origin errors."""
    return config.hsts is not None and config.plan not in OWN_POLICY


def headers_policy(parent: Resource, name: str, config: Edge) -> Input[str]:
    """The policy's id: CloudFront's own, or one that differs from it in HSTS alone."""
    directives = DIRECTIVES[config.hsts]
    if not directives or config.plan not in OWN_POLICY:
        return SECURITY_HEADERS
    return aws.cloudfront.ResponseHeadersPolicy(
        name,
        security_headers_config={
            "strict_transport_security": {
                "access_control_max_age_sec": YEAR_SECONDS,
                "include_subdomains": True,
                "preload": "preload" in directives,
                "override": True,
            },
            "content_type_options": {"override": True},
            "frame_options": {"frame_option": "SAMEORIGIN", "override": False},
            "referrer_policy": {
                "referrer_policy": "strict-origin-when-cross-origin",
                "override": False,
            },
            "xss_protection": {"protection": True, "mode_block": True, "override": False},
        },
        opts=ResourceOptions(parent=parent),
    ).id
