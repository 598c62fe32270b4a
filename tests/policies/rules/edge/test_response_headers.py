"""Rules for CloudFront's headers, each with a stack that breaks it."""

import pytest

from policies.purpose import DISTRIBUTION
from policies.rule import Verdict
from policies.rules.edge import response_headers
from policies.rules.edge.response_headers import behaviours_hsts
from tests.policies.cases import Case, beside, both, case, changed, check, judged
from tests.stacks import built

CDN = "cloudfront.Distribution cdn"
POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
HSTS = {
    "accessControlMaxAgeSec": response_headers.YEAR_SECONDS,
    "includeSubdomains": True,
    "preload": True,
    "override": True,
}
OWN_NAME = changed(CDN, "aliases", ["app.example.com"])


def own_headers(**hsts):
    header = {"strictTransportSecurity": {**HSTS, **hsts}}
    return beside(POLICY, "own", securityHeadersConfig=header)


CASES = [
    case(
        "default-behaviour-response-headers",
        changed(CDN, "defaultCacheBehavior.responseHeadersPolicyId", None),
        CDN,
    ),
    case(
        "behaviours-response-headers",
        changed(CDN, "orderedCacheBehaviors[*].responseHeadersPolicyId", None),
        CDN,
    ),
    *(
        case(rule, own_headers(**{path: value}), "cloudfront.ResponseHeadersPolicy own")
        for rule, path, value in (
            ("hsts-age", "accessControlMaxAgeSec", 3600),
            ("hsts-subdomains", "includeSubdomains", False),
            ("hsts-override", "override", False),
        )
    ),
    case(
        "behaviours-hsts",
        changed(CDN, "orderedCacheBehaviors[*].responseHeadersPolicyId", "simple-cors"),
        CDN,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, response_headers.RULES)


@pytest.mark.parametrize(
    "hsts", [{}, {"preload": False}, {"preload": False, "includeSubdomains": False}], ids=str
)
def test_a_policy_of_ones_own_may_leave_the_hosts_below_alone(hsts):
    rules = [rule for rule in response_headers.RULES if rule.name.startswith("hsts-")]
    stack = own_headers(**hsts)(built("prod"))

    assert [judged(rule, stack, Verdict.VIOLATED) for rule in rules] == [[]] * len(rules)


@pytest.mark.parametrize("policy", ["own-id", *sorted(response_headers.MANAGED_WITH_HSTS)])
def test_a_name_says_it_for_a_year_by_cloudfronts_policy_or_its_own(policy):
    """As the managed policies say: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html"""
    behaviours = [
        {**each, "responseHeadersPolicyId": policy}
        for each in built("prod").resource("cdn", DISTRIBUTION).inputs["orderedCacheBehaviors"]
    ]
    edit = both(
        OWN_NAME,
        own_headers(),
        changed(CDN, "defaultCacheBehavior.responseHeadersPolicyId", policy),
        changed(CDN, "orderedCacheBehaviors", behaviours),
    )

    assert judged(behaviours_hsts, edit(built("prod")), Verdict.MET) == [CDN]


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in response_headers.RULES}
