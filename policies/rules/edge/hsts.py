"""The rule for how far answers tell browsers to refuse plain HTTP."""

import re
from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Data, Resource, Unknown
from policies.paths import value, wholly
from policies.purpose import DISTRIBUTION
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.edge.behaviours import Behaviour, behaviours
from policies.rules.edge.response_headers import (
    HEADERS,
    HSTS,
    MANAGED_WITH_HSTS,
    YEAR_SECONDS,
)
from policies.stack import Stack

FUNCTION: Final = "aws:cloudfront/function:Function"
SUBSCRIPTION: Final = "aws:pricingplanmanager/subscription:Subscription"

IN_CODE: Final = re.compile(r"max-age=\d+(?:; *\w+)*")
DIRECTIVES: Final = {"includesubdomains": "includeSubdomains", "preload": "preload"}
"""By what a header calls them, what a policy does."""

Header = frozenset[str] | Unknown
"""Its directives."""


@rule(
    "2.15",
    fix="say edge.hsts in every behaviour: by a ResponseHeadersPolicy or, on a flat-rate plan "
    "below business, which takes CloudFront's own only, by a viewer-response function",
)
def hsts_alike(stack: Stack) -> Iterator[Judgement]:
    """All answers say the same, for a year or more: browsers heed the last they saw.

    Where the plan takes no policy that could say it, errors need not: no function runs on them.
    https://www.rfc-editor.org/rfc/rfc6797#section-8.1
    """
    for distribution in stack.of(DISTRIBUTION):
        found: set[Header] = set()
        for each in behaviours(distribution) or [{"responseHeadersPolicyId": UNKNOWN}]:
            errors = _by_policy(stack, each.get("responseHeadersPolicyId"))
            answers = _by_function(stack, each)
            # https://aws.amazon.com/blogs/networking-and-content-delivery/amazon-cloudfront-introduces-response-headers-policies/
            found.add(errors if answers is None else answers)
            if _takes_policies(stack, distribution):
                found.add(errors)
        known = {each for each in found if not isinstance(each, Unknown)}
        said = sorted("; ".join(sorted(each)) or "nothing" for each in known)
        if len(known) > 1 or min(map(_age, known), default=YEAR_SECONDS) < YEAR_SECONDS:
            yield violated(distribution, f"its answers say {', or '.join(said)}")
        elif UNKNOWN in found:
            yield undecided(distribution, "what its answers say")
        else:
            yield met(distribution)


def _age(header: frozenset[str]) -> int:
    """Seconds; none where it is not said."""
    return max((int(part[8:]) for part in header if part.startswith("max-age=")), default=0)


def _by_policy(stack: Stack, policy_id: Data) -> Header:
    """CloudFront's own say a year, or nothing."""
    for policy in stack.of(HEADERS):
        if policy.id == policy_id and policy_id is not UNKNOWN:
            said = {
                directive
                for directive, key in DIRECTIVES.items()
                if value(policy.inputs, f"{HSTS}.{key}") is True
            }
            age = value(policy.inputs, f"{HSTS}.accessControlMaxAgeSec")
            return frozenset({f"max-age={age}", *said} if isinstance(age, int) else ())
    managed = frozenset({f"max-age={YEAR_SECONDS}"} if policy_id in MANAGED_WITH_HSTS else ())
    return UNKNOWN if policy_id is UNKNOWN else managed


def _by_function(stack: Stack, behaviour: Behaviour) -> Header | None:
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
            return frozenset(re.split("; *", header[0].lower()))
    return None


def _takes_policies(stack: Stack, distribution: Resource) -> bool:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html"""
    plans = stack.companions(distribution, SUBSCRIPTION, "resourceArns[*]")
    return not any(plan.inputs.get("planTier") in ("FREE", "PRO") for plan in plans)


RULES: Final[tuple[Rule, ...]] = (hsts_alike,)
