"""Rules for schedules and event rules, each with a stack that breaks it."""

import pytest

from policies.rules.operations import events
from tests.policies.cases import Case, beside, case, changed, check, spoilt, without

SCHEDULE = "scheduler.Schedule jobs-relay"
TARGET = "cloudwatch.EventTarget restores"
BUS = "aws:cloudwatch/eventBusPolicy:EventBusPolicy"
OPEN = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents"}}'

CASES = [
    spoilt("schedule-keeps-what-failed", SCHEDULE, "target.deadLetterConfig", None),
    spoilt("schedule-retries", SCHEDULE, "target.retryPolicy.maximumRetryAttempts", 0),
    spoilt("schedule-retries", SCHEDULE, "target.retryPolicy.maximumRetryAttempts", 30),
    spoilt(
        "schedule-retries-in-time", SCHEDULE, "target.retryPolicy.maximumEventAgeInSeconds", 36000
    ),
    spoilt("schedule-under-own-key", SCHEDULE, "kmsKeyArn", None),
    spoilt("event-target-keeps-what-failed", TARGET, "deadLetterConfig", None),
    spoilt("event-target-retries", TARGET, "retryPolicy.maximumRetryAttempts", 0),
    spoilt("event-target-retries-in-time", TARGET, "retryPolicy.maximumEventAgeInSeconds", 864000),
    case(
        "failures-kept-by-the-stack",
        changed(TARGET, "deadLetterConfig.arn", "arn:aws:sqs:us-east-1:210987654321:theirs"),
        TARGET,
    ),
    case("failures-kept-by-the-stack", without("sqs.Queue restores-failures"), TARGET),
    case("schedule-roles-call-what-is-scheduled", without(SCHEDULE), "iam.RolePolicy jobs"),
    case("event-bus-closed", beside(BUS, "all", policy=OPEN), "cloudwatch.EventBusPolicy all"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, events.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in events.RULES}
