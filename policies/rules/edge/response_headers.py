"""Rules for the headers that CloudFront adds to answers."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN
from policies.paths import value
from policies.predicates import GIVEN, ON, at_least
from policies.purpose import DISTRIBUTION
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.edge.behaviours import BEHAVIOURS, behaviours
from policies.stack import Stack

HEADERS: Final = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"

YEAR_SECONDS: Final = 31_536_000
HSTS: Final = "securityHeadersConfig.strictTransportSecurity"
MANAGED_WITH_HSTS: Final = {
    "67f7725c-6f97-4210-82d7-5512b31e9d03",
    "e61eb60c-9c35-4d20-a928-2b84e02af89c",
    "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
}
"""CloudFront's own policies that say HSTS for a year, without subdomains and preload.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html"""

ROWS: Final[tuple[Rule, ...]] = (
    *(
        Property(
            name=f"{name}-response-headers",
            type=DISTRIBUTION,
            path=f"{path}.responseHeadersPolicyId",
            must=GIVEN,
            controls=["2.14"],
            fix="set responseHeadersPolicyId, CloudFront's SecurityHeadersPolicy if no other",
            only=only,
        )
        for name, path, only in BEHAVIOURS
    ),
    Property(
        name="hsts-age",
        type=HEADERS,
        path=f"{HSTS}.accessControlMaxAgeSec",
        must=at_least(YEAR_SECONDS),
        controls=["2.15"],
        fix=f"set accessControlMaxAgeSec to {YEAR_SECONDS}, a year: preload lists ask for it",
    ),
    Property(
        name="hsts-override",
        type=HEADERS,
        path=f"{HSTS}.override",
        must=ON,
        controls=["2.15"],
        fix="set it to true: an origin that says less would be heard",
    ),
    Property(
        name="hsts-subdomains",
        type=HEADERS,
        path=f"{HSTS}.includeSubdomains",
        must=ON,
        controls=["2.15"],
        fix="set it to true, or preload to false: the list takes no name without those below it",
        only=lambda policy: value(policy.inputs, f"{HSTS}.preload") is True,
    ),
)


@rule(
    "2.15",
    fix="set responseHeadersPolicyId to CloudFront's SecurityHeadersPolicy, or to a "
    "ResponseHeadersPolicy with HSTS for a year",
)
def behaviours_hsts(stack: Stack) -> Iterator[Judgement]:
    """Every behaviour tells browsers, with errors too, to come by TLS only, for a year."""
    for distribution in stack.of(DISTRIBUTION):
        found = behaviours(distribution)
        if found is None:
            yield undecided(distribution, "orderedCacheBehaviors")
            continue
        ids = [each.get("responseHeadersPolicyId") for each in found]
        own = stack.targets(distribution, "defaultCacheBehavior.responseHeadersPolicyId", HEADERS)
        own += stack.targets(
            distribution, "orderedCacheBehaviors[*].responseHeadersPolicyId", HEADERS
        )
        sound = {policy.id for policy in own} | MANAGED_WITH_HSTS
        if any(each is not UNKNOWN and each not in sound for each in ids):
            yield violated(distribution, "a behaviour's policy has no HSTS that fits")
        elif UNKNOWN in ids and not own:
            yield undecided(distribution, "responseHeadersPolicyId")
        else:
            yield met(distribution)


RULES: Final[tuple[Rule, ...]] = (*ROWS, behaviours_hsts)
