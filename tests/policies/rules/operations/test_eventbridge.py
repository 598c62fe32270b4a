"""Rules for EventBridge, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.operations import eventbridge
from tests.policies.cases import (
    Case,
    beside,
    case,
    check,
    found,
    judged,
)
from tests.stacks import built

TARGET = "cloudwatch.EventTarget told"
BUS = "aws:cloudwatch/eventBusPolicy:EventBusPolicy"
OPEN = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents"}}'

RETRIES = {"maximumRetryAttempts": 9, "maximumEventAgeInSeconds": 3600}


def told(queue="sqs.Queue failures-outage", **changes):
    """A rule's target, which the stack has none of."""

    def edit(graph):
        given = {
            "arn": found(graph, "lambda.Alias simcore").outputs["arn"],
            "deadLetterConfig": {"arn": found(graph, queue).outputs["arn"]},
            "retryPolicy": RETRIES,
            **changes,
        }
        kept = {key: value for key, value in given.items() if value is not None}
        return beside("aws:cloudwatch/eventTarget:EventTarget", "told", **kept)(graph)

    return edit


CASES = [
    case("event-target-keeps-what-failed", told(deadLetterConfig=None), TARGET),
    case("event-target-retries", told(retryPolicy={**RETRIES, "maximumRetryAttempts": 0}), TARGET),
    case(
        "event-target-retries-in-time",
        told(retryPolicy={**RETRIES, "maximumEventAgeInSeconds": 864_000}),
        TARGET,
    ),
    case("event-bus-closed", beside(BUS, "all", policy=OPEN), "cloudwatch.EventBusPolicy all"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, eventbridge.RULES)


def test_a_target_that_keeps_what_fails_is_sound():
    for rule in eventbridge.RULES:
        assert TARGET not in judged(rule, told()(built("prod")), Verdict.VIOLATED)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in eventbridge.RULES}
