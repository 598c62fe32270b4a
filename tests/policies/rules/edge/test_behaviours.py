"""Rules for what CloudFront does with a path, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.edge import behaviours
from policies.rules.edge.behaviours import api_answers_not_kept
from tests.policies.cases import Case, beside, both, case, changed, check, judged
from tests.stacks import built

CDN = "cloudfront.Distribution cdn"
API = "orderedCacheBehaviors[pathPattern=/api/*]"


CASES = [
    case(
        "default-behaviour-https",
        changed(CDN, "defaultCacheBehavior.viewerProtocolPolicy", "allow-all"),
        CDN,
    ),
    case(
        "behaviours-https",
        changed(CDN, "orderedCacheBehaviors[pathPattern=/ws].viewerProtocolPolicy", "allow-all"),
        CDN,
    ),
    case(
        "default-behaviour-compressed",
        changed(CDN, "defaultCacheBehavior.compress", False),
        CDN,
    ),
    case("behaviours-compressed", changed(CDN, "orderedCacheBehaviors[*].compress", None), CDN),
    case(
        "api-answers-not-kept",
        changed(CDN, f"{API}.cachePolicyId", "658327ea-f89d-4fab-a63d-7e88639e58f6"),
        CDN,
    ),
    case("api-answers-not-kept", changed(CDN, f"{API}.cachePolicyId", None), CDN),
    case("api-callers-addressed", changed(CDN, f"{API}.functionAssociations", None), CDN),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, behaviours.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in behaviours.RULES}


@pytest.mark.parametrize(("ttl", "verdict"), [(0, Verdict.MET), (60, Verdict.VIOLATED)])
def test_a_cache_policy_of_the_stack_may_keep_nothing_either(ttl, verdict):
    edit = both(
        beside(behaviours.CACHE_POLICY, "never", maxTtl=ttl),
        changed(CDN, f"{API}.cachePolicyId", "never-id"),
    )

    assert judged(api_answers_not_kept, edit(built("prod")), verdict) == [CDN]
