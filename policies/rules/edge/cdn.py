"""Rules for CloudFront: what viewers meet."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import value
from policies.predicates import GIVEN, ON, equals, matches, one_of
from policies.purpose import DISTRIBUTION, LOG_DESTINATION
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

LOG_SOURCE: Final = "aws:cloudwatch/logDeliverySource:LogDeliverySource"
LOG_DELIVERY: Final = "aws:cloudwatch/logDelivery:LogDelivery"
ACL: Final = "aws:wafv2/webAcl:WebAcl"


def _has_paths(distribution: Resource) -> bool:
    return bool(distribution.inputs.get("orderedCacheBehaviors"))


def has_domain(distribution: Resource) -> bool:
    """Whether it has a name of its own."""
    aliases = distribution.inputs.get("aliases")
    return aliases is not UNKNOWN and bool(aliases)


def _whitelists(distribution: Resource) -> bool:
    kind = value(distribution.inputs, "restrictions.geoRestriction.restrictionType")
    return kind in ("whitelist", "blacklist")


BEHAVIOURS: Final = (
    ("default-behaviour", "defaultCacheBehavior", None),
    ("behaviours", "orderedCacheBehaviors[*]", _has_paths),
)

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="distribution-root-object",
        type=DISTRIBUTION,
        path="defaultRootObject",
        must=GIVEN,
        controls=["2.1"],
        fix="set defaultRootObject: / would list the origin or be refused",
    ),
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
    Property(
        name="distribution-default-certificate",
        type=DISTRIBUTION,
        path="viewerCertificate.cloudfrontDefaultCertificate",
        must=ON,
        controls=[],
        severity="medium",
        fix="set viewerCertificate.cloudfrontDefaultCertificate to true while there are no aliases",
        only=lambda distribution: not distribution.inputs.get("aliases"),
    ),
    Property(
        name="distribution-tls",
        type=DISTRIBUTION,
        path="viewerCertificate.minimumProtocolVersion",
        must=matches(r"TLSv1\.(2_202[1-9]|3_20\d\d)", "is TLSv1.2_2021 or later"),
        controls=["2.3"],
        fix="set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021 or later",
        only=has_domain,
    ),
    Property(
        name="distribution-certificate",
        type=DISTRIBUTION,
        path="viewerCertificate.acmCertificateArn",
        must=matches(r"arn:aws:acm:us-east-1:\d{12}:certificate/.+", "is ACM's, in us-east-1"),
        controls=["2.4"],
        fix="set viewerCertificate.acmCertificateArn to one of ACM in us-east-1",
        only=has_domain,
    ),
    Property(
        name="distribution-sni",
        type=DISTRIBUTION,
        path="viewerCertificate.sslSupportMethod",
        must=equals("sni-only"),
        controls=["2.5"],
        fix="set viewerCertificate.sslSupportMethod to sni-only: an address of its own is 600 USD",
        only=has_domain,
    ),
    Property(
        name="distribution-countries-considered",
        type=DISTRIBUTION,
        path="restrictions.geoRestriction.restrictionType",
        must=one_of("none", "whitelist", "blacklist"),
        controls=["2.13"],
        fix="say in restrictions.geoRestriction who may call, none restricting nobody",
    ),
    Property(
        name="distribution-countries-named",
        type=DISTRIBUTION,
        path="restrictions.geoRestriction.locations",
        must=GIVEN,
        controls=["2.13"],
        fix="name the countries in restrictions.geoRestriction.locations",
        only=_whitelists,
    ),
    *(
        Property(
            name=f"distribution-{name}",
            type=DISTRIBUTION,
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


@rule("2.6", fix="declare LogDeliverySource, LogDelivery and LogDeliveryDestination for it")
def distribution_logged(stack: Stack) -> Iterator[Judgement]:
    """Every request is logged: by a delivery that leads from the distribution to somewhere, or the
    older way."""
    for distribution in stack.of(DISTRIBUTION):
        deliveries = [
            delivery
            for source in stack.companions(distribution, LOG_SOURCE, "resourceArn")
            for delivery in stack.companions(source, LOG_DELIVERY, "deliverySourceName")
            if stack.targets(delivery, "deliveryDestinationArn", LOG_DESTINATION)
        ]
        if deliveries or GIVEN.holds(value(distribution.inputs, "loggingConfig.bucket")):
            yield met(distribution)
        else:
            yield violated(distribution, "its requests are logged nowhere")


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


def behaviours(distribution: Resource) -> list[dict[str, Data]] | None:
    """All of them, the default first; None where not all are known."""
    default = distribution.inputs.get("defaultCacheBehavior")
    paths = distribution.inputs.get("orderedCacheBehaviors") or ()
    if UNKNOWN in (default, paths) or UNKNOWN in paths:
        return None
    return [each or {} for each in (default, *paths)]


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    distribution_logged,
    distribution_behind_firewall,
)
