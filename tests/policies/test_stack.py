"""A stack as rules see it: what is judged, and whether production's rules apply."""

import pytest

from graph.model import UNKNOWN, Graph, Resource
from policies.stack import Stack
from tests.policies.cases import TODAY, changed, made
from tests.stacks import built

QUEUE = "aws:sqs/queue:Queue"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"
PROVIDER = "pulumi:providers:aws"


def test_what_another_stack_made_is_not_judged():
    theirs = Resource(urn="urn:theirs", type=QUEUE, name="theirs", custom=True, external=True)

    assert Stack(Graph("p", "s", (theirs,)), TODAY).of(QUEUE) == []


@pytest.mark.parametrize(
    ("tags", "production"),
    [
        ({"tags": {"Tier": "pro"}}, True),
        ({"tags": {"Tier": "enterprise"}}, True),
        ({"tags": {"Tier": "starter"}}, False),
        ('{"tags": {"Tier": "growth"}}', False),
        ({"tags": {}}, True),
        ({}, True),
        (None, True),
        (UNKNOWN, True),
        ({"tags": UNKNOWN}, True),
        ({"tags": {"Tier": UNKNOWN}}, True),
    ],
)
def test_a_stack_is_production_by_its_tier_and_if_in_doubt(tags, production):
    assert Stack(made((PROVIDER, "aws", {"defaultTags": tags})), TODAY).production is production


def test_the_tiers_of_this_repository():
    found = [Stack(built(name), TODAY).production for name in ("dev", "staging", "prod")]

    assert found == [False, False, True]


def test_a_document_is_read_once():
    label = "sqs.QueuePolicy failures-outage"
    stack = Stack(changed(label, "policy", '{"Statement": []}')(built("prod")), TODAY)
    (resource,) = [r for r in stack.of(POLICY) if r.label == label]

    assert stack.statements(resource, "policy") == []
    assert stack.statements(resource, "policy") is stack.statements(resource, "policy")
