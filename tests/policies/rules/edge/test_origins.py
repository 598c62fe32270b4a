"""Rules for where CloudFront fetches from, each with a stack that breaks it."""

from dataclasses import replace

import pytest

from graph.model import UNKNOWN, Graph
from policies.rule import Verdict
from policies.rules.edge import origins
from policies.rules.edge.origins import distribution_fails_over
from tests.policies.cases import Case, case, changed, check, judged, without
from tests.stacks import built

CDN = "cloudfront.Distribution cdn"
API = "origins[originId=api]"
SITE = "origins[originId=site]"
CONTROL = "cloudfront.OriginAccessControl site"

CASES = [
    *(
        case(rule, changed(CONTROL, path, value), CONTROL)
        for rule, path, value in (
            ("origin-access-control-signs", "signingBehavior", "never"),
            ("origin-access-control-protocol", "signingProtocol", None),
            ("origin-access-control-bucket", "originAccessControlOriginType", "lambda"),
        )
    ),
    case(
        "edge-function-published",
        changed("cloudfront.Function cdn-viewer-ip", "publish", False),
        "cloudfront.Function cdn-viewer-ip",
    ),
    case("bucket-origins-signed", changed(CDN, f"{SITE}.originAccessControlId", None), CDN),
    case("bucket-origins-signed", without(CONTROL), CDN),
    case(
        "bucket-origins-signed",
        changed(CDN, f"{API}.domainName", "site.s3-website-us-east-1.amazonaws.com"),
        CDN,
    ),
    case(
        "bucket-origins-exist",
        changed(CDN, f"{SITE}.domainName", "free-name.s3.us-east-1.amazonaws.com"),
        CDN,
    ),
    *(
        case(rule, changed(CDN, f"{API}.customOriginConfig.{path}", value), CDN)
        for rule, path, value in (
            ("api-origins-https", "originProtocolPolicy", "match-viewer"),
            ("api-origins-https", "originProtocolPolicy", None),
            ("api-origins-https", "httpsPort", 4430),
            ("api-origins-tls", "originSslProtocols", ["TLSv1.1", "TLSv1.2"]),
            ("api-origins-answer-soon", "originReadTimeout", 300),
            ("api-origins-answer-soon", "originReadTimeout", None),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, origins.RULES)


def test_one_origin_is_not_two():
    group = {"originId": "sites", "members": [{"originId": "site"}, {"originId": "elsewhere"}]}
    second = changed(CDN, "originGroups", [group])(built("prod"))

    assert judged(distribution_fails_over, built("prod"), Verdict.VIOLATED) == [CDN]
    assert judged(distribution_fails_over, second, Verdict.MET) == [CDN]


def test_origins_that_a_secret_hides_are_undecided():
    graph = built("prod")
    hidden = Graph(
        graph.project,
        graph.stack,
        tuple(
            replace(r, inputs={**r.inputs, "origins": UNKNOWN}) if r.label == CDN else r
            for r in graph.resources
        ),
    )
    about = [each for each in origins.RULES if "origins" in each.name]

    assert [judged(each, hidden, Verdict.UNDECIDED) for each in about] == [[CDN]] * len(about)
    assert [judged(each, hidden, Verdict.VIOLATED) for each in about] == [[]] * len(about)


def test_every_rule_has_a_stack_that_breaks_it():
    apart = {"distribution-fails-over"}
    assert {case.rule for case in CASES} | apart == {rule.name for rule in origins.RULES}
