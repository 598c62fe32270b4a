"""What nobody waits for is heard of, in every tier: each with a stack in which it is not."""

import pytest

from contract import functions as contract
from policies.rule import Verdict
from policies.rules.stack import unattended
from policies.rules.stack.unattended import RULES
from tests.policies.cases import Case, beside, both, case, changed, check, judged, without
from tests.stacks import STACKS, built

QUEUES = ("sqs.Queue failures-outage", "sqs.Queue failures-data-loss")
OUTAGE, DATA_LOSS = (f"cloudwatch.MetricAlarm failures-{kind}" for kind in ("outage", "data-loss"))
OF_DATA_LOSS, OF_OUTAGE = (
    [f"scheduler.Schedule jobs-{job}" for job in jobs]
    for jobs in (("cleanup", "slow-queries", "verify-audit"), ("connections", "relay"))
)
STREAM = "lambda.EventSourceMapping events"
ROTATIONS = [
    f"secretsmanager.SecretRotation rotation-{secret}"
    for secret in ("api-key", "encryption-key", "jwt-secret")
]
DELIVERY = "kinesis.FirehoseDeliveryStream audit-delivery"
FUNCTIONS = [f"lambda.Function {name.replace('_', '-')}" for name in sorted(contract.FUNCTIONS)]
ROTATES = "lambda.Function rotation"
GIVE_UP = [
    f"lambda.FunctionEventInvokeConfig {name.replace('_', '-')}"
    for name, function in sorted(contract.FUNCTIONS.items())
    if function.unattended
]
FAILED = "cloudwatch.MetricAlarm functions-failed"
OWN = "cloudwatch.MetricAlarm rotation-failures"


def unheard(edit, *found, stack="prod"):
    return case("unattended-heard", edit, *found, stack=stack)


CASES = [
    *(
        unheard(without(OUTAGE), QUEUES[0], *OF_OUTAGE, STREAM, stack=stack)
        for stack in ("dev", "prod")
    ),
    *(
        unheard(without(DATA_LOSS), QUEUES[1], *OF_DATA_LOSS, stack=stack)
        for stack in ("dev", "prod")
    ),
    unheard(
        changed(OUTAGE, "metricName", "ApproximateNumberOfMessagesVisible"),
        QUEUES[0],
        *OF_OUTAGE,
        STREAM,
    ),
    unheard(
        changed(OF_OUTAGE[0], "target.deadLetterConfig", None),
        OF_OUTAGE[0],
    ),
    unheard(without("lambda.FunctionEventInvokeConfig maintenance"), *OF_DATA_LOSS),
    unheard(changed(STREAM, "destinationConfig", None), STREAM),
    unheard(beside("aws:sqs/queue:Queue", "work", redrivePolicy="{}"), "sqs.Queue work"),
    # In production the contacts for security hear of a rotation; everywhere those for outages do.
    unheard(both(without(OWN), without(FAILED)), *ROTATIONS, *FUNCTIONS),
    unheard(without(FAILED), *(name for name in FUNCTIONS if name != ROTATES)),
    unheard(without(FAILED), *ROTATIONS, *FUNCTIONS, stack="dev"),
    unheard(
        changed(FAILED, "namespace", "MaPlatform/Functions/other"),
        *ROTATIONS,
        *FUNCTIONS,
        stack="dev",
    ),
    unheard(both(without(FAILED), changed(OWN, "metricName", "Throttles")), *ROTATIONS, *FUNCTIONS),
    unheard(without("cloudwatch.LogMetricFilter rotation"), *ROTATIONS, ROTATES, stack="dev"),
    unheard(without("cloudwatch.LogMetricFilter relay"), "lambda.Function relay"),
    unheard(without("cloudwatch.MetricAlarm failures-undelivered"), *GIVE_UP),
    *(
        unheard(without("cloudwatch.MetricAlarm audit-delivery"), DELIVERY, stack=stack)
        for stack in ("dev", "prod")
    ),
    unheard(changed("cloudwatch.MetricAlarm audit-delivery", "metricName", "Bytes"), DELIVERY),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, unattended.RULES)


@pytest.mark.parametrize("stack", STACKS)
def test_it_is_about_every_queue_schedule_stream_rotation_and_function(stack):
    [rule] = RULES
    graph = built(stack)

    heard = judged(rule, graph, Verdict.MET)

    assert sorted(heard) == sorted(
        resource.label for kind in unattended.KINDS for resource in graph.by_type(kind)
    )
    assert {label.split()[0] for label in heard} == {
        "sqs.Queue",
        "scheduler.Schedule",
        "lambda.EventSourceMapping",
        "secretsmanager.SecretRotation",
        "kinesis.FirehoseDeliveryStream",
        "lambda.Function",
        "lambda.FunctionEventInvokeConfig",
    }
