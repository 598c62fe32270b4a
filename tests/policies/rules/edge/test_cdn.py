"""Rules for what viewers meet, each with a stack that breaks it."""

import pytest

from policies.rules.edge import cdn
from tests.policies.cases import Case, both, case, changed, check, without

CDN = "cloudfront.Distribution cdn"
ARN = "arn:aws:acm:us-east-1:123456789012:certificate/1"
CERTIFICATE = {
    "acmCertificateArn": ARN,
    "minimumProtocolVersion": "TLSv1.2_2025",
    "sslSupportMethod": "sni-only",
}


def own_name(**certificate):
    return both(
        changed(CDN, "aliases", ["app.example.com"]),
        changed(CDN, "viewerCertificate", {**CERTIFICATE, **certificate}),
    )


CASES = [
    case("distribution-root-object", changed(CDN, "defaultRootObject", None), CDN),
    case("distribution-tls", own_name(minimumProtocolVersion="TLSv1.1_2016"), CDN),
    case("distribution-tls", changed(CDN, "aliases", ["app.example.com"]), CDN),
    case("distribution-certificate", own_name(acmCertificateArn=None), CDN),
    case(
        "distribution-certificate",
        own_name(acmCertificateArn=ARN.replace("us-east-1", "eu-west-1")),
        CDN,
    ),
    case("distribution-sni", own_name(sslSupportMethod="vip"), CDN),
    case("distribution-countries-considered", changed(CDN, "restrictions", None), CDN),
    case(
        "distribution-countries-named",
        changed(CDN, "restrictions.geoRestriction.restrictionType", "whitelist"),
        CDN,
    ),
    case(
        "distribution-default-certificate",
        changed(CDN, "viewerCertificate.cloudfrontDefaultCertificate", False),
        CDN,
    ),
    case("distribution-enabled", changed(CDN, "enabled", False), CDN),
    case("distribution-http3", changed(CDN, "httpVersion", "http1.1"), CDN),
    case("distribution-ipv6", changed(CDN, "isIpv6Enabled", False), CDN),
    *(
        case("errors-stay-errors", changed(CDN, f"customErrorResponses[*].{path}", value), CDN)
        for path, value in (("responsePagePath", "/index.html"), ("responseCode", 200))
    ),
    case("errors-not-kept", changed(CDN, "customErrorResponses", None), CDN),
    *(
        case("errors-not-kept", changed(CDN, f"customErrorResponses[*].{path}", value), CDN)
        for path, value in (("errorCachingMinTtl", 10), ("errorCachingMinTtl", None))
    ),
    case("distribution-behind-firewall", changed(CDN, "webAclId", None), CDN),
    case("distribution-behind-firewall", without("wafv2.WebAcl firewall"), CDN),
    case(
        "distribution-behind-firewall",
        changed("wafv2.WebAcl firewall", "scope", "REGIONAL"),
        CDN,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, cdn.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in cdn.RULES}
