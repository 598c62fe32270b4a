"""Rules: rows that judge properties and companions, and functions that span the stack."""

import pytest

from graph.model import UNKNOWN
from policies.evaluate import evaluate, severity_of
from policies.predicates import GIVEN, ON, between
from policies.rule import Companion, Property, Verdict, met, rule, undecided, violated
from policies.stack import Stack
from tests.policies.cases import TODAY, made

QUEUE = "aws:sqs/queue:Queue"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"

ROW = Property(
    name="queue-keeps",
    type=QUEUE,
    path="retention.days",
    must=between(1, 14),
    controls=["13.15"],
    fix="set retention.days",
)
EACH = Property(
    name="rules-on", type=QUEUE, path="rules[*].on", must=ON, controls=["13.15"], fix="turn on"
)
OWNED = Companion(
    name="queue-has-a-policy",
    type=QUEUE,
    companion=POLICY,
    by="queue",
    controls=["13.13"],
    fix="declare one",
)


def found(row, *resources):
    judgements = row.judge(Stack(made(*resources), TODAY))
    return [(j.verdict, j.message) for j in judgements]


def queue(**inputs):
    return (QUEUE, "orders", inputs)


@pytest.mark.parametrize(
    ("row", "inputs", "judgement"),
    [
        (ROW, {"retention": {"days": 7}}, (Verdict.MET, "")),
        (
            ROW,
            {"retention": {"days": 15}},
            (Verdict.VIOLATED, "retention.days is 15, must be: is between 1 and 14"),
        ),
        (ROW, {}, (Verdict.VIOLATED, "retention.days is not given, must be: is between 1 and 14")),
        (
            ROW,
            {"retention": {"days": UNKNOWN}},
            (Verdict.UNDECIDED, "retention.days is not known yet"),
        ),
        (ROW, {"retention": UNKNOWN}, (Verdict.UNDECIDED, "retention.days is not known yet")),
        (EACH, {"rules": [{"on": True}, {"on": True}]}, (Verdict.MET, "")),
        (
            EACH,
            {"rules": [{"on": True}, {"on": False}]},
            (Verdict.VIOLATED, "rules[*].on is false, must be: is true"),
        ),
        (
            EACH,
            {"rules": [{"on": UNKNOWN}, {"on": False}]},
            (Verdict.VIOLATED, "rules[*].on is false, must be: is true"),
        ),
        (
            EACH,
            {"rules": [{"on": True}, UNKNOWN]},
            (Verdict.UNDECIDED, "rules[*].on is not known yet"),
        ),
        (EACH, {}, (Verdict.VIOLATED, "rules[*].on is not given, must be: is true")),
    ],
)
def test_a_row_judges_each_resource_of_its_type(row, inputs, judgement):
    assert found(row, queue(**inputs)) == [judgement]


def test_a_row_has_nothing_to_say_of_other_types_and_of_those_it_is_not_about():
    some = Property(**{**vars(ROW), "only": lambda resource: "retention" in resource.inputs})

    assert found(ROW, (POLICY, "orders", {})) == []
    assert found(some, queue(), queue(retention={"days": 1})) == [(Verdict.MET, "")]


def test_what_must_only_be_given_may_be_unknown():
    given = Property(**{**vars(ROW), "must": GIVEN})

    assert found(given, queue(retention={"days": UNKNOWN})) == [(Verdict.MET, "")]


def test_a_row_wants_a_companion_of_each_resource():
    graph = [(QUEUE, "orders", {}), (QUEUE, "mail", {}), (POLICY, "p", {"queue": "orders-id"})]

    assert found(OWNED, *graph) == [
        (Verdict.MET, ""),
        (Verdict.VIOLATED, "no QueuePolicy names it as queue"),
    ]


def test_rows_describe_themselves():
    assert ROW.description == "Queue: retention.days is between 1 and 14"
    assert OWNED.description == "Queue: has a QueuePolicy"


@rule("13.12", "1.5", fix="mend it", production=True)
def queues_are_sound(stack):
    """Every queue is sound."""
    first, second, third = stack.of(QUEUE)
    yield met(first)
    yield violated(second, "is not")
    yield undecided(third, "its soundness")


def test_a_function_is_a_rule_by_its_own_name_and_docstring():
    assert (queues_are_sound.name, queues_are_sound.description) == (
        "queues-are-sound",
        "Every queue is sound.",
    )
    assert (queues_are_sound.controls, queues_are_sound.production) == (("13.12", "1.5"), True)


def test_a_rule_is_as_grave_as_its_gravest_control_unless_it_says_so_itself():
    own = rule("1.5", fix="mend it", severity="low")(queues_are_sound.function)

    assert (severity_of(queues_are_sound), severity_of(ROW)) == ("critical", "medium")
    assert severity_of(own) == "low"


def test_all_findings_are_in_the_rules_order_then_the_stacks():
    graph = made(*((QUEUE, name, {"retention": {"days": 1}}) for name in "abc"))

    findings = evaluate(Stack(graph, TODAY), [queues_are_sound, ROW])

    assert [(f.rule.name, f.label, f.verdict.value, f.fails) for f in findings] == [
        ("queues-are-sound", "sqs.Queue a", "met", False),
        ("queues-are-sound", "sqs.Queue b", "violated", True),
        ("queues-are-sound", "sqs.Queue c", "undecided", False),
        *(("queue-keeps", f"sqs.Queue {name}", "met", False) for name in "abc"),
    ]
