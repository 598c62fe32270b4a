"""Rules for schedules and event rules, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.operations import events
from tests.policies.cases import (
    Case,
    beside,
    both,
    case,
    check,
    found,
    judged,
    spoilt,
    without,
)
from tests.stacks import built

SCHEDULE = "scheduler.Schedule jobs-relay"
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
    spoilt("schedule-keeps-what-failed", SCHEDULE, "target.deadLetterConfig", None),
    spoilt("schedule-retries", SCHEDULE, "target.retryPolicy.maximumRetryAttempts", 0),
    spoilt("schedule-retries", SCHEDULE, "target.retryPolicy.maximumRetryAttempts", 30),
    spoilt(
        "schedule-retries-in-time", SCHEDULE, "target.retryPolicy.maximumEventAgeInSeconds", 36000
    ),
    spoilt("schedule-under-own-key", SCHEDULE, "kmsKeyArn", None),
    case("event-target-keeps-what-failed", told(deadLetterConfig=None), TARGET),
    case("event-target-retries", told(retryPolicy={**RETRIES, "maximumRetryAttempts": 0}), TARGET),
    case(
        "event-target-retries-in-time",
        told(retryPolicy={**RETRIES, "maximumEventAgeInSeconds": 864_000}),
        TARGET,
    ),
    case(
        "failures-kept-by-the-stack",
        told(deadLetterConfig={"arn": "arn:aws:sqs:us-east-1:210987654321:theirs"}),
        TARGET,
    ),
    case(
        "failures-kept-by-the-stack",
        both(told(), without("sqs.Queue failures-outage")),
        "scheduler.Schedule jobs-connections",
        "scheduler.Schedule jobs-relay",
        TARGET,
        "lambda.EventSourceMapping events",
        "lambda.FunctionEventInvokeConfig fanout",
        "lambda.FunctionEventInvokeConfig relay",
        "lambda.FunctionEventInvokeConfig restored",
    ),
    case("schedule-roles-call-what-is-scheduled", without(SCHEDULE), "iam.RolePolicy jobs"),
    case("event-bus-closed", beside(BUS, "all", policy=OPEN), "cloudwatch.EventBusPolicy all"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, events.RULES)


def test_a_target_that_keeps_what_fails_is_sound():
    for rule in events.RULES:
        assert TARGET not in judged(rule, told()(built("prod")), Verdict.VIOLATED)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in events.RULES}
