"""Waivers: what they excuse, for how long, and what is wrong with those that excuse nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from policies.evaluate import evaluate
from policies.rule import met, rule, undecided, violated
from policies.stack import Stack
from policies.waivers import Waiver, WaiverError, read, stale
from tests.policies.cases import TODAY, made
from tests.stacks import WAIVERS

QUEUE = "aws:sqs/queue:Queue"
PRO = ("pulumi:providers:aws", "aws", {"defaultTags": {"tags": {"Tier": "pro"}}})
GRAPH = made(PRO, (QUEUE, "orders", {}), (QUEUE, "mail", {}))


@rule("13.12", fix="mend it")
def queues_sound(stack):
    """Every queue is sound."""
    yield from (violated(queue, "is not") for queue in stack.of(QUEUE))


@rule("13.12", fix="mend it")
def others_sound(stack):
    """Others are sound, or nobody knows."""
    first, second = stack.of(QUEUE)
    yield met(first)
    yield undecided(second, "its soundness")


RULES = (queues_sound, others_sound)
WAIVER = Waiver(
    rule="queues-sound",
    resource="sqs.Queue orders",
    stacks=("prod",),
    reason="There is nothing in it",
    approver="somebody@example.com",
    expires=TODAY,
)


def but(**changes):
    return WAIVER.model_copy(update=changes)


def excused(*waivers, rules=RULES, graph=GRAPH):
    findings = evaluate(Stack(graph, TODAY), rules, waivers)
    return [f.label for f in findings if f.waiver]


def why(*waivers, today=TODAY, graph=GRAPH):
    stack = Stack(graph, today)
    findings = evaluate(stack, RULES, waivers)
    return [text for _, text in stale(waivers, (f.waiver for f in findings), RULES, stack)]


@pytest.mark.parametrize(
    ("waiver", "found"),
    [
        (WAIVER, ["sqs.Queue orders"]),
        (but(resource="sqs.Queue *"), ["sqs.Queue orders", "sqs.Queue mail"]),
        (but(resource="*"), ["sqs.Queue orders", "sqs.Queue mail"]),
        (but(stacks=("dev", "prod")), ["sqs.Queue orders"]),
        (but(resource="sqs.Queue order"), []),
        (but(resource="sqs.queue orders"), []),
        (but(rule="others-sound"), []),
        (but(stacks=("dev",)), []),
        (but(stacks=(), tiers=("pro", "enterprise")), ["sqs.Queue orders"]),
        (but(stacks=(), tiers=("starter",)), []),
        (but(expires=TODAY - timedelta(days=1)), []),
        (but(change="0123456789ab"), []),
    ],
)
def test_a_waiver_excuses_violations_of_its_rule_by_its_resource_in_its_stacks(waiver, found):
    assert excused(waiver) == found


def test_a_violation_that_is_excused_fails_nothing():
    findings = evaluate(Stack(GRAPH, TODAY), RULES, (WAIVER,))

    assert [(f.label, f.fails) for f in findings] == [
        ("sqs.Queue orders", False),
        ("sqs.Queue mail", True),
        ("sqs.Queue orders", False),
        ("sqs.Queue mail", False),
    ]


def test_a_change_is_excused_by_its_digest_alone():
    @rule("13.12", fix="keep it")
    def queues_sound(stack):
        """Every queue stays."""
        yield violated(stack.of(QUEUE)[0], "would be deleted", "0123456789ab")

    def found(waiver):
        return excused(waiver, rules=(queues_sound,))

    assert found(WAIVER) == []
    assert found(but(change="ba9876543210")) == []
    assert found(but(change="0123456789ab")) == ["sqs.Queue orders"]


def test_the_stack_as_a_whole_has_a_name_too():
    @rule("14.9", fix="mend it")
    def queues_sound(_):
        """The stack is sound."""
        yield violated(None, "is not")

    assert excused(but(resource="the stack"), rules=(queues_sound,)) == ["the stack"]


@pytest.mark.parametrize(
    ("waiver", "message"),
    [
        (but(rule="queue-sound"), "there is no such rule: remove it, or write the rule's name"),
        (but(expires=date(2026, 11, 21)), "expired on 2026-11-21: mend the stack, or have it"),
        (but(resource="sqs.Queue letters"), "excuses nothing: remove it"),
        (but(rule="others-sound"), "excuses nothing: remove it"),
        (but(change="0123456789ab"), "excuses nothing: remove it"),
    ],
)
def test_a_waiver_that_is_of_no_use_fails_the_stack(waiver, message):
    (text,) = why(waiver)

    assert text.startswith(message)


def test_a_waiver_in_use_or_for_other_stacks_is_all_right():
    assert why(WAIVER, but(resource="gone", stacks=("dev",))) == []
    assert why(but(expires=TODAY - timedelta(days=1), stacks=("dev",))) == []


def test_a_waiver_of_a_tier_is_all_right_in_a_stack_that_does_better():
    assert why(WAIVER, but(resource="gone", stacks=(), tiers=("pro",))) == []
    assert why(but(expires=date(2026, 11, 21), stacks=(), tiers=("pro",))) != []


def test_a_stack_of_any_name_has_its_tiers_waivers():
    fifth = replace(GRAPH, stack="fifth")

    assert excused(WAIVER, graph=fifth) == []
    assert excused(but(stacks=(), tiers=("pro",)), graph=fifth) == ["sqs.Queue orders"]


def test_a_waiver_holds_through_its_last_day():
    assert why(WAIVER, today=WAIVER.expires) == []
    assert why(WAIVER, today=WAIVER.expires + timedelta(days=1)) == [
        "expired on 2026-11-22: mend the stack, or have it approved again"
    ]


def test_of_two_that_excuse_the_same_the_second_is_of_no_use():
    assert why(WAIVER, but(resource="sqs.Queue o*")) == ["excuses nothing: remove it"]


def test_a_rule_of_production_needs_no_waiver_elsewhere():
    production = (replace(queues_sound, production=True),)
    dev = made(
        ("pulumi:providers:aws", "aws", {"defaultTags": {"tags": {"Tier": "starter"}}}),
        (QUEUE, "orders", {}),
    )

    assert evaluate(Stack(dev, TODAY), production) == []
    assert len(evaluate(Stack(GRAPH, TODAY), production)) == 2


ROW = """
- rule: queues-sound
  resource: sqs.Queue orders
  stacks: [prod]
  reason: There is nothing in it
  approver: somebody@example.com
  expires: 2026-11-22
"""


def written(tmp_path, text):
    file = tmp_path / "waivers.yaml"
    file.write_text(text)
    return file


def test_a_file_of_waivers_is_read(tmp_path):
    assert read(written(tmp_path, ROW)) == (WAIVER,)
    assert str(WAIVER) == "queues-sound on sqs.Queue orders"


@pytest.mark.parametrize("text", ["", "# none\n", "[]"])
def test_a_file_may_be_empty(tmp_path, text):
    assert read(written(tmp_path, text)) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- [", r"waivers\.yaml: no YAML: "),
        ("rule: a", r"waivers\.yaml: Input should be a valid"),
        (ROW.replace("  reason: There is nothing in it\n", ""), r"0\.reason: Field required"),
        (ROW.replace("There is nothing in it", "ok"), r"0\.reason: String should have at least 3"),
        (ROW.replace("[prod]", "prod"), r"0\.stacks: Input should be a valid tuple"),
        (ROW.replace("[prod]", "[]"), r"0: Value error, either tiers or stacks"),
        (ROW + "  tiers: [pro]\n", r"0: Value error, either tiers or stacks"),
        (ROW.replace("stacks: [prod]", "tiers: [prod]"), r"0\.tiers\.0: Input should be 'starter'"),
        (
            ROW.replace("stacks: [prod]", "tiers: [pro]") + "  change: 0123456789ab\n",
            r"0: Value error, a change is one stack's: name it in stacks",
        ),
        (ROW.replace("2026-11-22", "soon"), r"0\.expires: Input should be a valid date"),
        (ROW + "  until: 2027-01-01\n", r"0\.until: Extra inputs are not permitted"),
    ],
)
def test_a_malformed_file_is_refused_with_each_mistake(tmp_path, text, message):
    with pytest.raises(WaiverError, match=message):
        read(written(tmp_path, text))


def test_the_examples_exceptions_say_who_and_why():
    assert all(w.approver.count("@") == 1 and len(w.reason) > 20 for w in WAIVERS)
