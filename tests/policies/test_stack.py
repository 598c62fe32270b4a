"""A stack as rules see it: who names whom, and whether production's rules apply."""

from dataclasses import replace

import pytest

from graph.model import UNKNOWN, Graph, Resource
from policies.stack import Stack, refers
from tests.policies.cases import TODAY, changed, made
from tests.stacks import built

QUEUE = "aws:sqs/queue:Queue"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"
ARN = "arn:aws:sqs:us-east-1:1:orders-0123456"
PROVIDER = "pulumi:providers:aws"

ORDERS = Resource(
    urn="urn:orders",
    type=QUEUE,
    name="orders",
    custom=True,
    id="https://sqs/orders-0123456",
    outputs={"arn": ARN, "name": "orders-0123456"},
)
UNMADE = replace(ORDERS, id=UNKNOWN, outputs={})


def policy(value, *origins):
    return Resource(
        urn="urn:policy",
        type=POLICY,
        name="orders",
        custom=True,
        inputs={"queue": value} if value is not None else {},
        property_dependencies={"queue": origins},
    )


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("https://sqs/orders-0123456", True),
        (ARN, True),
        ("orders-0123456", True),
        (f"{ARN}:live", True),
        (f"{ARN}/*", True),
        (f'{{"Resource": "{ARN}"}}', True),
        (f"{ARN}7", False),
        (f"{ARN}-other", False),
        ("more-orders-0123456", False),
        ("orders", False),
        ("elsewhere", False),
        ({"deep": ARN}, False),
    ],
)
def test_what_is_known_names_by_value(value, named):
    assert refers(policy(value), "queue", ORDERS) is named
    assert refers(policy(value, "urn:other"), "queue", ORDERS) is named


@pytest.mark.parametrize("by", ["queue", "queue.arn", "queue[*]", "queue[*].arn"])
@pytest.mark.parametrize("target", [ORDERS, UNMADE])
def test_what_is_unknown_names_by_where_it_comes_from(by, target):
    assert refers(policy(UNKNOWN, "urn:orders"), by, target)
    assert not refers(policy(UNKNOWN, "urn:other"), by, target)


def test_what_has_a_name_made_from_anothers_still_comes_from_it():
    assert refers(policy("a-literal", "urn:orders"), "queue", UNMADE)
    assert not refers(policy("a-literal", "urn:orders"), "queue", ORDERS)


def test_nothing_names_nobody():
    assert not refers(policy(None, "urn:orders"), "queue", ORDERS)


def test_companions_name_a_resource_and_targets_are_named():
    more = policy(ARN)
    stack = Stack(Graph("p", "s", (ORDERS, more)), TODAY)

    assert stack.companions(ORDERS, POLICY, "queue") == [more]
    assert stack.targets(more, "queue", QUEUE) == [ORDERS]
    assert stack.companions(ORDERS, POLICY, "other") == []


def test_what_another_stack_made_is_not_judged():
    theirs = replace(ORDERS, external=True)

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
    label = "sqs.QueuePolicy jobs-failures"
    stack = Stack(changed(label, "policy", '{"Statement": []}')(built("prod")), TODAY)
    (resource,) = [r for r in stack.of(POLICY) if r.label == label]

    assert stack.statements(resource, "policy") == []
    assert stack.statements(resource, "policy") is stack.statements(resource, "policy")
