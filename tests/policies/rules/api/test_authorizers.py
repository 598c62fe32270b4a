"""Rules for what authorizers keep, each with a stack that breaks it."""

import pytest

from graph.model import UNKNOWN
from policies.rule import Verdict
from policies.rules.api import authorizers
from policies.rules.api.authorizers import (
    authorizer_cache_knows_the_way,
    cached_authorizer_keyed_by_credential,
)
from policies.rules.edge.behaviours import api_answers_not_kept
from tests.policies.cases import Case, both, case, changed, check, judged
from tests.stacks import STACKS, built

AUTHORIZER = "apigatewayv2.Authorizer http-authorizer"
API = "apigatewayv2.Api http"
CREDENTIAL, WAY = "$request.header.Authorization", "$request.header.x-origin-verify"


def sources(*names):
    return changed(AUTHORIZER, "identitySources", list(names))


def ttl(seconds):
    return changed(AUTHORIZER, "authorizerResultTtlInSeconds", seconds)


def cors(path, value):
    return changed(API, f"corsConfiguration.{path}", value)


KEYED = "cached-authorizer-keyed-by-credential"
CASES = [
    case(KEYED, sources(WAY), AUTHORIZER),
    case(KEYED, sources(WAY, "$request.header.User-Agent"), AUTHORIZER),
    case(KEYED, sources(WAY, "$request.querystring.Authorization"), AUTHORIZER),
    # Unsaid, it is five minutes.
    case(KEYED, both(ttl(None), sources(WAY)), AUTHORIZER),
    # Where pages may send a key or a cookie, an answer to one is not for another.
    case(KEYED, cors("allowHeaders", ["content-type", "X-Api-Key"]), AUTHORIZER),
    case(KEYED, cors("allowCredentials", True), AUTHORIZER),
    case("authorizer-cache-knows-the-way", sources(CREDENTIAL), AUTHORIZER),
    case("authorizer-cache-knows-the-way", both(ttl(None), sources(CREDENTIAL)), AUTHORIZER),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, authorizers.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in authorizers.RULES}


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("rule", authorizers.RULES, ids=lambda rule: rule.name)
def test_what_keeps_answers_in_every_stack_is_found_and_right(rule, stack):
    # A WebSocket API's authorizer keeps none:
    # https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html
    assert judged(rule, built(stack), Verdict.MET) == [AUTHORIZER]
    assert not judged(rule, built(stack), Verdict.VIOLATED)


@pytest.mark.parametrize(
    "edit",
    [
        both(ttl(0), sources(WAY)),
        both(ttl(None), changed(AUTHORIZER, "identitySources", None)),
        both(changed(AUTHORIZER, "authorizerType", "JWT"), sources(WAY)),
    ],
)
def test_what_keeps_nothing_is_not_judged(edit):
    graph = edit(built("prod"))

    for verdict in (Verdict.VIOLATED, Verdict.MET):
        assert not judged(cached_authorizer_keyed_by_credential, graph, verdict)


@pytest.mark.parametrize(
    "edit",
    [
        sources(WAY, UNKNOWN),
        changed(AUTHORIZER, "identitySources", UNKNOWN),
        both(sources(WAY), cors("allowHeaders", UNKNOWN)),
    ],
)
def test_what_a_deployment_will_say_is_undecided(edit):
    graph = edit(built("prod"))

    assert judged(cached_authorizer_keyed_by_credential, graph, Verdict.UNDECIDED) == [AUTHORIZER]


def test_no_rule_is_graver_than_that_nobody_is_given_anothers_answer():
    assert cached_authorizer_keyed_by_credential.severity == "critical"
    assert api_answers_not_kept.severity == "critical"
    assert authorizer_cache_knows_the_way.severity == "high"
