"""The rule for how far answers tell browsers to refuse plain HTTP."""

import re
from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Data, Resource, Unknown
from policies.paths import value, wholly
from policies.purpose import DISTRIBUTION
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.edge.behaviours import Behaviour, behaviours
from policies.rules.edge.response_headers import HEADERS, HSTS
from policies.stack import Stack

FUNCTION: Final = "aws:cloudfront/function:Function"
SUBSCRIPTION: Final = "aws:pricingplanmanager/subscription:Subscription"

IN_CODE: Final = re.compile(r"max-age=\d+((?:; *\w+)*)[\"']")
DIRECTIVES: Final = {"includesubdomains": "includeSubdomains", "preload": "preload"}
"""By what a header calls them, what a policy does."""

Scope = frozenset[str] | Unknown
"""The directives of an answer besides its age."""


@rule(
    "2.15",
    fix="say edge.hsts in every behaviour: by a ResponseHeadersPolicy or, on a flat-rate plan "
    "below business, which takes CloudFront's own only, by a viewer-response function",
)
def hsts_alike(stack: Stack) -> Iterator[Judgement]:
    """All answers say the same of subdomains and preload: browsers heed the last they saw.

    Where the plan takes no policy that could say it, errors need not: no function runs on them.
    https://www.rfc-editor.org/rfc/rfc6797#section-8.1
    """
    for distribution in stack.of(DISTRIBUTION):
        found: set[Scope] = set()
        for each in behaviours(distribution) or [{"responseHeadersPolicyId": UNKNOWN}]:
            errors = _by_policy(stack, each.get("responseHeadersPolicyId"))
            answers = _by_function(stack, each)
            # https://aws.amazon.com/blogs/networking-and-content-delivery/amazon-cloudfront-introduces-response-headers-policies/
            found.add(errors if answers is None else answers)
            if _takes_policies(stack, distribution):
                found.add(errors)
        known = {each for each in found if not isinstance(each, Unknown)}
        if len(known) > 1:
            said = sorted(" and ".join(sorted(each)) or "neither" for each in known)
            yield violated(distribution, f"its answers say {', or '.join(said)}")
        elif UNKNOWN in found:
            yield undecided(distribution, "what its answers say")
        else:
            yield met(distribution)


def _by_policy(stack: Stack, policy_id: Data) -> Scope:
    """CloudFront's own say neither."""
    for policy in stack.of(HEADERS):
        if policy.id == policy_id and policy_id is not UNKNOWN:
            return frozenset(
                said
                for said, key in DIRECTIVES.items()
                if value(policy.inputs, f"{HSTS}.{key}") is True
            )
    return UNKNOWN if policy_id is UNKNOWN else frozenset()


def _by_function(stack: Stack, behaviour: Behaviour) -> Scope | None:
    """What its viewer-response function says, which replaces the policy's; None is nothing."""
    associations = behaviour.get("functionAssociations") or ()
    if not wholly(associations):
        return UNKNOWN
    for each in associations:
        if each.get("eventType") != "viewer-response":
            continue
        arn = each.get("functionArn")
        functions = [f for f in stack.of(FUNCTION) if arn in stack.names(f)]
        codes = [function.inputs.get("code") for function in functions]
        if UNKNOWN in codes:
            return UNKNOWN
        for header in filter(None, (IN_CODE.search(str(code)) for code in codes)):
            return frozenset(re.findall(r"\w+", header[1].lower()))
    return None


def _takes_policies(stack: Stack, distribution: Resource) -> bool:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html"""
    plans = stack.companions(distribution, SUBSCRIPTION, "resourceArns[*]")
    return not any(plan.inputs.get("planTier") in ("FREE", "PRO") for plan in plans)


RULES: Final[tuple[Rule, ...]] = (hsts_alike,)
