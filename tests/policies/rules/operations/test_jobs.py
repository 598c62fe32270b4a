"""Rules for schedules, each with a stack that breaks it."""

import pytest

from policies.rules.operations import jobs
from tests.policies.cases import Case, case, check, spoilt, without

SCHEDULE = "scheduler.Schedule jobs-relay"

CASES = [
    spoilt("schedule-keeps-what-failed", SCHEDULE, "target.deadLetterConfig", None),
    spoilt("schedule-retries", SCHEDULE, "target.retryPolicy.maximumRetryAttempts", 0),
    spoilt("schedule-retries", SCHEDULE, "target.retryPolicy.maximumRetryAttempts", 30),
    spoilt(
        "schedule-retries-in-time", SCHEDULE, "target.retryPolicy.maximumEventAgeInSeconds", 36000
    ),
    spoilt("schedule-under-own-key", SCHEDULE, "kmsKeyArn", None),
    case("schedule-roles-call-what-is-scheduled", without(SCHEDULE), "iam.RolePolicy jobs"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, jobs.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in jobs.RULES}
