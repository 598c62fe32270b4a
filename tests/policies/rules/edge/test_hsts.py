"""The rule for what answers say of HSTS, with stacks that say it by halves."""

import pytest

from graph.model import Graph
from policies.rule import Verdict
from policies.rules.edge import hsts
from policies.rules.edge.hsts import hsts_alike
from tests.config.strategies import CONTACTS
from tests.policies.cases import Case, case, changed, check, found, judged
from tests.stacks import STACKS, built, declared

CDN = "cloudfront.Distribution cdn"
CSP = "cloudfront.Function cdn-csp"
MANAGED = "67f7725c-6f97-4210-82d7-5512b31e9d03"


def named(plan: str, hsts: str | None) -> Graph:
    """A production stack with a name of its own."""
    edge = {"domain": "app.example.com", "zone_id": "Z0123456789ABC", "hsts": hsts}
    return declared({"tier": "pro", "contacts": CONTACTS, "edge": {"plan": plan, **edge}})


def pages_say_more(graph: Graph) -> Graph:
    code = found(graph, CSP).inputs["code"].replace("31536000", "31536000; includeSubDomains")
    return changed(CSP, "code", code)(graph)


def silent(graph: Graph, path: str) -> Graph:
    """Its behaviour without the viewer-response function."""
    behaviours = [
        {
            **each,
            "functionAssociations": [
                f
                for f in each["functionAssociations"]
                if each["pathPattern"] != path or f["eventType"] != "viewer-response"
            ],
        }
        for each in found(graph, CDN).inputs["orderedCacheBehaviors"]
    ]
    return changed(CDN, "orderedCacheBehaviors", behaviours)(graph)


def pages_say_less(graph: Graph) -> Graph:
    code = found(graph, CSP).inputs["code"].replace("31536000", "86400")
    return changed(CSP, "code", code)(graph)


CASES = [
    case("hsts-alike", pages_say_more, CDN),
    case("hsts-alike", pages_say_less, CDN),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, hsts.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in hsts.RULES}


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_says_the_same_everywhere(stack):
    assert judged(hsts_alike, built(stack), Verdict.MET) == [CDN]
    assert judged(hsts_alike, built(stack, unknown=True), Verdict.UNDECIDED) == [CDN]


@pytest.mark.slow
@pytest.mark.parametrize("plan", ["payg", "free", "pro", "business"])
@pytest.mark.parametrize("scope", [None, "subdomains", "preload"])
def test_what_the_key_says_is_said_everywhere_on_every_plan(plan, scope):
    assert judged(hsts_alike, named(plan, scope), Verdict.MET) == [CDN]


@pytest.mark.slow
def test_an_error_must_say_it_where_the_plan_takes_a_policy_that_could():
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html"""
    edit = changed(CDN, "defaultCacheBehavior.responseHeadersPolicyId", MANAGED)

    for plan in ("payg", "business"):
        assert judged(hsts_alike, edit(named(plan, "preload")), Verdict.VIOLATED) == [CDN]
    assert judged(hsts_alike, edit(named("pro", "preload")), Verdict.MET) == [CDN]


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [31_535_999, 0])
def test_no_function_says_less_than_a_year_where_all_say_it(seconds):
    graph = named("pro", "subdomains")
    for name in ("cdn-csp", "cdn-hsts"):
        label = f"cloudfront.Function {name}"
        code = found(graph, label).inputs["code"].replace("31536000", str(seconds))
        graph = changed(label, "code", code)(graph)

    assert judged(hsts_alike, graph, Verdict.VIOLATED) == [CDN]


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/assets/*", "/api/*", "/ws"])
def test_below_business_each_path_needs_its_function(path):
    """Browsers heed the last they saw: https://www.rfc-editor.org/rfc/rfc6797#section-8.1"""
    assert judged(hsts_alike, silent(named("pro", "subdomains"), path), Verdict.VIOLATED) == [CDN]
