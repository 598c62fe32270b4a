"""Rules for CloudFront: what viewers meet, and what it makes of an error."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import value, wholly
from policies.predicates import GIVEN, ON, equals, matches, one_of
from policies.purpose import DISTRIBUTION
from policies.rule import Judgement, Property, Rule, each_known, met, rule, undecided, violated
from policies.rules.edge.origins import is_bucket, origins
from policies.stack import Stack

ACL: Final = "aws:wafv2/webAcl:WebAcl"

CACHED_ERRORS: Final[set[Data]] = {400, 403, 404, 405, 500, 501, 502, 503, 504}
"""The statuses of an API that CloudFront keeps for 10 s, whatever their headers say:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html"""

Response = Mapping[str, Data]


def has_domain(distribution: Resource) -> bool:
    """Whether it has a name of its own."""
    aliases = distribution.inputs.get("aliases")
    return aliases is not UNKNOWN and bool(aliases)


def _whitelists(distribution: Resource) -> bool:
    kind = value(distribution.inputs, "restrictions.geoRestriction.restrictionType")
    return kind in ("whitelist", "blacklist")


_distribution = partial(Property, type=DISTRIBUTION)

ROWS: Final[tuple[Rule, ...]] = (
    _distribution(
        name="distribution-root-object",
        path="defaultRootObject",
        must=GIVEN,
        controls=["2.1"],
        fix="set defaultRootObject: / would list the origin or be refused",
    ),
    _distribution(
        name="distribution-default-certificate",
        path="viewerCertificate.cloudfrontDefaultCertificate",
        must=ON,
        controls=[],
        severity="medium",
        fix="set viewerCertificate.cloudfrontDefaultCertificate to true while there are no aliases",
        only=lambda distribution: not distribution.inputs.get("aliases"),
    ),
    _distribution(
        name="distribution-tls",
        path="viewerCertificate.minimumProtocolVersion",
        must=matches(r"TLSv1\.(2_202[1-9]|3_20\d\d)", "is TLSv1.2_2021 or later"),
        controls=["2.3"],
        fix="set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021 or later",
        only=has_domain,
    ),
    _distribution(
        name="distribution-certificate",
        path="viewerCertificate.acmCertificateArn",
        must=matches(r"arn:aws:acm:us-east-1:\d{12}:certificate/.+", "is ACM's, in us-east-1"),
        controls=["2.4"],
        fix="set viewerCertificate.acmCertificateArn to one of ACM in us-east-1",
        only=has_domain,
    ),
    _distribution(
        name="distribution-sni",
        path="viewerCertificate.sslSupportMethod",
        must=equals("sni-only"),
        controls=["2.5"],
        fix="set viewerCertificate.sslSupportMethod to sni-only: an address of its own is 600 USD",
        only=has_domain,
    ),
    _distribution(
        name="distribution-countries-considered",
        path="restrictions.geoRestriction.restrictionType",
        must=one_of("none", "whitelist", "blacklist"),
        controls=["2.13"],
        fix="say in restrictions.geoRestriction who may call, none restricting nobody",
    ),
    _distribution(
        name="distribution-countries-named",
        path="restrictions.geoRestriction.locations",
        must=GIVEN,
        controls=["2.13"],
        fix="name the countries in restrictions.geoRestriction.locations",
        only=_whitelists,
    ),
    *(
        _distribution(
            name=f"distribution-{name}",
            path=path,
            must=must,
            controls=["2.16"],
            fix=f"set {path}: {why}",
        )
        for name, path, must, why in (
            ("enabled", "enabled", ON, "else the platform answers nobody"),
            ("http3", "httpVersion", one_of("http2and3", "http3"), "phones change networks"),
            ("ipv6", "isIpv6Enabled", ON, "some networks have nothing else"),
        )
    ),
)


@rule("2.7", fix="set webAclId to the arn of a wafv2.WebAcl of the stack's", production=True)
def distribution_behind_firewall(stack: Stack) -> Iterator[Judgement]:
    """A firewall looks at each request first, one that this stack declares."""
    for distribution in stack.of(DISTRIBUTION):
        acls = stack.targets(distribution, "webAclId", ACL)
        if not acls:
            yield violated(distribution, "webAclId names no web ACL of the stack")
        elif any(acl.inputs.get("scope") is UNKNOWN for acl in acls):
            yield undecided(distribution, "its web ACL's scope")
        elif any(acl.inputs.get("scope") != "CLOUDFRONT" for acl in acls):
            yield violated(distribution, "its web ACL has a scope other than CLOUDFRONT")
        else:
            yield met(distribution)


@rule(
    fix="remove responsePagePath and responseCode: let the site's paths be rewritten instead",
    severity="high",
)
def errors_stay_errors(stack: Stack) -> Iterator[Judgement]:
    """No status has a page of its own: it would make a page, and a success, of an API's error."""
    found = ((each, _responses(each)) for each in stack.of(DISTRIBUTION))
    return each_known(found, "customErrorResponses", _without_pages)


def _without_pages(distribution: Resource, responses: list[Response]) -> Judgement:
    paged = [
        str(each.get("errorCode"))
        for each in responses
        if each.get("responsePagePath") or each.get("responseCode")
    ]
    return violated(distribution, f"{', '.join(paged)} have pages") if paged else met(distribution)


@rule(
    fix=f"set errorCachingMinTtl to 0 for {', '.join(map(str, sorted(CACHED_ERRORS)))}",
    severity="medium",
)
def errors_not_kept(stack: Stack) -> Iterator[Judgement]:
    """Where a distribution leads to an API no error is kept: one caller's would be another's."""
    found = ((each, _of_apis(each)) for each in stack.of(DISTRIBUTION))
    return each_known(found, "customErrorResponses", _kept_no_time)


def _kept_no_time(distribution: Resource, found: tuple[bool, list[Response]]) -> Judgement | None:
    to_apis, responses = found
    if not to_apis:
        return None
    brief = {each.get("errorCode") for each in responses if each.get("errorCachingMinTtl") == 0}
    kept = (CACHED_ERRORS | {each.get("errorCode") for each in responses}) - brief
    if kept:
        return violated(distribution, f"keeps {', '.join(sorted(map(str, kept)))}")
    return met(distribution)


def _of_apis(distribution: Resource) -> tuple[bool, list[Response]] | None:
    """Whether it leads to an API, and what it makes of errors."""
    found, responses = origins(distribution), _responses(distribution)
    if found is None or responses is None:
        return None
    return not all(map(is_bucket, found)), responses


def _responses(distribution: Resource) -> list[Response] | None:
    found = distribution.inputs.get("customErrorResponses") or ()
    return list(found) if wholly(found) else None


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    distribution_behind_firewall,
    errors_stay_errors,
    errors_not_kept,
)
