"""Who names whom: by value and by origin, and the same whether pairs are asked or an index."""

from dataclasses import replace

import pytest

from graph.model import UNKNOWN, Graph, Resource
from policies.references import refers
from policies.rules import RULES
from policies.stack import Stack
from tests.policies.cases import TODAY
from tests.stacks import built

QUEUE = "aws:sqs/queue:Queue"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"
ARN = "arn:aws:sqs:us-east-1:1:orders-0123456"

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


def names(resource, by, target):
    """Whether it does, asked of the pair and of a stack of both."""
    stack = Stack(Graph("p", "s", (target, resource)), TODAY)
    pair = refers(resource, by, target)
    assert stack.companions(target, resource.type, by) == [resource] * pair
    assert stack.targets(resource, by, target.type) == [target] * pair
    return pair


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
    assert names(policy(value), "queue", ORDERS) is named
    assert names(policy(value, "urn:other"), "queue", ORDERS) is named


@pytest.mark.parametrize("by", ["queue", "queue.arn", "queue[*]", "queue[*].arn"])
@pytest.mark.parametrize("target", [ORDERS, UNMADE])
def test_what_is_unknown_names_by_where_it_comes_from(by, target):
    assert names(policy(UNKNOWN, "urn:orders"), by, target)
    assert not names(policy(UNKNOWN, "urn:other"), by, target)


def test_what_has_a_name_made_from_anothers_still_comes_from_it():
    assert names(policy("a-literal", "urn:orders"), "queue", UNMADE)
    assert not names(policy("a-literal", "urn:orders"), "queue", ORDERS)


def test_nothing_names_nobody():
    assert not names(policy(None, "urn:orders"), "queue", ORDERS)


@pytest.mark.parametrize("value", ["..", "....................", "see ...................., all"])
def test_a_name_without_a_word_is_a_name(value):
    dots = replace(ORDERS, id="." * 20, outputs={"name": ".."})

    assert names(policy(value), "queue", dots)


class Asking(Stack):
    """A stack that knows who was asked for: the types named, those naming, and by which path."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph, TODAY)
        self.asked: set[tuple[str, str, str]] = set()

    def companions(self, resource: Resource, kind: str, by: str) -> list[Resource]:
        self.asked.add((resource.type, kind, by))
        return super().companions(resource, kind, by)

    def targets(self, resource: Resource, by: str, *types: str) -> list[Resource]:
        self.asked |= {(kind, resource.type, by) for kind in types}
        return super().targets(resource, by, *types)


@pytest.mark.parametrize("unknown", [False, True], ids=["known", "unknown"])
@pytest.mark.parametrize("name", ["dev", "prod", "enterprise"])
def test_a_stack_finds_by_index_what_it_would_by_asking_each_pair(name, unknown):
    """Of all that the rules ask for; a stack that was asked nothing before."""
    asking = Asking(built(name, unknown=unknown))
    for rule in RULES:
        list(rule.judge(asking))
    stack = Stack(asking.graph, TODAY)

    assert len(asking.asked) > 100
    for named, naming, by in asking.asked:
        found = {(t.urn, r.urn) for t in stack.of(named) for r in stack.companions(t, naming, by)}
        back = {(t.urn, r.urn) for r in stack.of(naming) for t in stack.targets(r, by, named)}
        pairs = {
            (target.urn, each.urn)
            for target in stack.of(named)
            for each in stack.of(naming)
            if refers(each, by, target)
        }
        assert found == back == pairs, f"{naming} {by}: {named}"


def test_who_is_found_is_in_the_stacks_order():
    several = [replace(policy(ARN), urn=f"urn:{i}") for i in range(9)]
    targets = [replace(ORDERS, urn=f"urn:queue:{i}") for i in range(9)]
    stack = Stack(Graph("p", "s", (*targets, *several)), TODAY)

    assert stack.companions(targets[0], POLICY, "queue") == several
    assert stack.targets(several[0], "queue", QUEUE) == targets
