"""Rules for what was given up, each with a stack that breaks it."""

import pytest

from policies.rules.operations import failures
from tests.policies.cases import Case, beside, case, changed, check, spoilt, without

QUEUE = "sqs.Queue failures-outage"
RELAY = "lambda.FunctionEventInvokeConfig relay"

CASES = [
    case("queue-has-a-policy", without("sqs.QueuePolicy failures-outage"), QUEUE),
    spoilt("queue-keeps-failures", QUEUE, "messageRetentionSeconds", 60),
    spoilt("queues-encrypted", QUEUE, "kmsMasterKeyId", None),
    case(
        "queues-have-dead-letters",
        beside("aws:sqs/queue:Queue", "orders", url="https://sqs/orders"),
        "sqs.Queue orders",
    ),
    case(
        "failures-kept-by-the-stack",
        changed(
            RELAY,
            "destinationConfig.onFailure.destination",
            "arn:aws:sqs:us-east-1:210987654321:theirs",
        ),
        RELAY,
    ),
    case(
        "failures-kept-by-the-stack",
        without("sqs.Queue failures-outage"),
        "scheduler.Schedule jobs-connections",
        "scheduler.Schedule jobs-relay",
        "lambda.EventSourceMapping events",
        "lambda.FunctionEventInvokeConfig fanout",
        RELAY,
        "lambda.FunctionEventInvokeConfig restored",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, failures.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in failures.RULES}
