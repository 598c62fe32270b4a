"""Rules for what was given up: where it goes, and how it is kept there."""

from collections.abc import Iterator
from typing import Final

from graph.model import Resource
from policies.paths import MISSING, values
from policies.predicates import between
from policies.rule import Companion, Judgement, Property, Rule, met, rule, violated
from policies.stack import Stack

SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
MAPPING: Final = "aws:lambda/eventSourceMapping:EventSourceMapping"
INVOKE: Final = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
FUNCTION: Final = "aws:lambda/function:Function"
TOPIC: Final = "aws:sns/topic:Topic"
SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
QUEUE: Final = "aws:sqs/queue:Queue"
QUEUE_POLICY: Final = "aws:sqs/queuePolicy:QueuePolicy"

DAY: Final = 86_400
FAILURES: Final = (
    (SCHEDULE, "target.deadLetterConfig.arn"),
    (TARGET, "deadLetterConfig.arn"),
    (MAPPING, "destinationConfig.onFailure.destinationArn"),
    (INVOKE, "destinationConfig.onFailure.destination"),
    (FUNCTION, "deadLetterConfig.targetArn"),
)
"""What sends on what failed, and where it says to."""

ROWS: Final[tuple[Rule, ...]] = (
    Companion(
        name="queue-has-a-policy",
        type=QUEUE,
        companion=QUEUE_POLICY,
        by="queueUrl",
        controls=["13.13", "13.14"],
        fix="declare an sqs.QueuePolicy that refuses what does not come over TLS",
    ),
    Property(
        name="queue-keeps-failures",
        type=QUEUE,
        path="messageRetentionSeconds",
        must=between(4 * DAY, 14 * DAY),
        controls=["13.15"],
        fix="set messageRetentionSeconds to 4 to 14 days: people look after the weekend",
    ),
)


@rule("13.12", fix="set kmsMasterKeyId, or sqsManagedSseEnabled to true")
def queues_encrypted(stack: Stack) -> Iterator[Judgement]:
    """Every queue is under a key."""
    for queue in stack.of(QUEUE):
        own, managed = (queue.inputs.get(k) for k in ("kmsMasterKeyId", "sqsManagedSseEnabled"))
        yield met(queue) if own or managed is True else violated(queue, "is in the clear")


@rule("13.15", fix="set redrivePolicy, or use it for what failed elsewhere")
def queues_have_dead_letters(stack: Stack) -> Iterator[Judgement]:
    """Every queue has one for what fails again and again, or is such a one itself."""
    for queue in stack.of(QUEUE):
        ends = _dead_letters(stack, queue)
        given = queue.inputs.get("redrivePolicy")
        yield met(queue) if given or ends else violated(queue, "keeps no dead letters, and is none")


def _dead_letters(stack: Stack, queue: Resource) -> bool:
    """Whether something sends what failed there."""
    return any(
        stack.companions(queue, kind, path)
        for kind, path in (*FAILURES, (QUEUE, "redrivePolicy"), (SUBSCRIPTION, "redrivePolicy"))
    )


@rule("13.16", fix="name a queue or topic of the stack")
def failures_kept_by_the_stack(stack: Stack) -> Iterator[Judgement]:
    """What failed goes to a queue or topic that the stack has, with its key, policy and alarm."""
    for kind, path in FAILURES:
        for resource in stack.of(kind):
            if MISSING in values(resource.inputs, path):
                continue
            kept = stack.targets(resource, path, QUEUE, TOPIC)
            yield met(resource) if kept else violated(resource, f"{path} is nothing of the stack's")


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    queues_encrypted,
    queues_have_dead_letters,
    failures_kept_by_the_stack,
)
