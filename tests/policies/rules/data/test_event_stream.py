"""Rules for streams, each with a stack that breaks it."""

import pytest

from policies.rules.data import event_stream
from tests.policies.cases import Case, case, changed, check, spoilt, without

MAPPING = "lambda.EventSourceMapping events"
EVENTS = "dynamodb.Table tables-events"

CASES = [
    spoilt("stream-keeps-what-failed", MAPPING, "destinationConfig", None),
    spoilt("stream-finds-the-bad-record", MAPPING, "bisectBatchOnFunctionError", False),
    spoilt("stream-reports-what-failed", MAPPING, "functionResponseTypes", []),
    spoilt("stream-gives-up", MAPPING, "maximumRetryAttempts", None),
    spoilt("stream-forgets-what-is-old", MAPPING, "maximumRecordAgeInSeconds", 3000),
    spoilt("stream-waits-briefly", MAPPING, "maximumBatchingWindowInSeconds", 10),
    spoilt("stream-in-small-batches", MAPPING, "batchSize", 1000),
    case("streams-read", without(MAPPING), EVENTS),
    case(
        "streams-read",
        changed("dynamodb.Table tables-limits", "streamEnabled", True),
        "dynamodb.Table tables-limits",
    ),
    case("streams-written", changed(EVENTS, "streamEnabled", False), MAPPING),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, event_stream.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in event_stream.RULES}
