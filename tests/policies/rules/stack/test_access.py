"""Rules for whom a deployment would let do more."""

from datetime import date

import pytest

from policies.evaluate import evaluate
from policies.rules.stack.access import access_not_widened
from policies.stack import Stack
from policies.waivers import Waiver
from tests.policies.cases import TODAY, both, changed, found
from tests.stacks import built

CORS = changed("apigatewayv2.Api http", "corsConfiguration.allowOrigins", ["https://a.example.org"])
LATER = changed(
    "apigatewayv2.Api http", "corsConfiguration.allowOrigins", ["https://b.example.org"]
)
MEMORY = changed("lambda.Function simcore", "memorySize", 1024)


def opened(edit, waivers=()):
    graph = built("dev")
    return evaluate(Stack(edit(graph), TODAY, graph), [access_not_widened], waivers)


def waiver(digest: str) -> Waiver:
    return Waiver(
        rule="access-not-widened",
        resource="apigatewayv2.Api http",
        stacks=("dev",),
        reason="the new site",
        approver="somebody@example.com",
        expires=date(2999, 1, 1),
        change=digest,
    )


@pytest.mark.parametrize("edit", [lambda graph: graph, MEMORY], ids=["nothing", "no access"])
def test_what_lets_nobody_do_more_is_not_a_matter(edit):
    assert opened(edit) == []


def test_another_origin_that_may_read_answers_has_to_be_decided():
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html"""
    (finding,) = opened(CORS)

    assert (finding.label, finding.fails) == ("apigatewayv2.Api http", True)
    assert finding.judgement.message.startswith("now also: ")
    assert "https://a.example.org" in finding.judgement.message


def test_a_waiver_approves_this_widening_and_not_another_through_the_same_resource():
    (finding,) = opened(CORS)
    approved = waiver(finding.judgement.change)

    assert [f.fails for f in opened(CORS, [approved])] == [False]
    assert [f.fails for f in opened(LATER, [approved])] == [True]


def test_the_digest_is_the_same_whatever_else_changes():
    assert [f.judgement.change for f in opened(both(CORS, MEMORY))] == [
        f.judgement.change for f in opened(CORS)
    ]


def test_without_what_is_deployed_there_is_nothing_to_compare():
    graph = built("dev")

    assert evaluate(Stack(CORS(graph), TODAY, None), [access_not_widened], ()) == []
    assert found(graph, "apigatewayv2.Api http")
