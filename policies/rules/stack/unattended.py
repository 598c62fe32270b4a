"""Rules for what nobody waits for: somebody hears of it when it fails."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Resource
from policies.metrics import ALARM, about, metrics, series
from policies.paths import value
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.api.function import ALIAS
from policies.rules.operations.failures import FAILURES, FUNCTION, INVOKE, MAPPING, QUEUE, SCHEDULE
from policies.rules.security.audit_delivery import STREAM
from policies.rules.security.secrets import ROTATION
from policies.rules.stack.logs import LOG_GROUP, METRIC_FILTER
from policies.stack import Stack

Heard = bool | None
"""None where only AWS can tell."""


@rule(
    "13.5",
    "8.3",
    fix="send what fails to a queue with an alarm on its NumberOfMessagesSent, for an old message "
    "must hide no new one; or count it in the function's log, with an alarm on that",
)
def unattended_heard(stack: Stack) -> Iterator[Judgement]:
    """Every queue, schedule, stream, rotation and function is heard of by somebody when it fails,
    in every tier: nobody waits for most, and who waits for a function may not tell."""
    for kind, heard in KINDS.items():
        for resource in stack.of(kind):
            found = heard(stack, resource)
            if found is None:
                yield undecided(resource, "metricName")
            else:
                yield met(resource) if found else violated(resource, "nobody hears when it fails")


def _alarmed(stack: Stack, dimension: str, metric: str, resource: Resource) -> Heard:
    alarms = [a for a in stack.of(ALARM) if about(a, dimension, resource)]
    on = {name for alarm in alarms for name in metrics(alarm)}
    return True if metric in on else None if UNKNOWN in on else False


def _queue(stack: Stack, queue: Resource) -> Heard:
    """One that is worked off is late before it is full; its own failures go to another."""
    kept = any(stack.companions(queue, kind, by) for kind, by in FAILURES)
    metric = "NumberOfMessagesSent" if kept else "ApproximateAgeOfOldestMessage"
    return _alarmed(stack, "QueueName", metric, queue)


def _sent_on(stack: Stack, sender: Resource, by: str) -> Heard:
    return _any(_queue(stack, queue) for queue in stack.targets(sender, by, QUEUE))


def _schedule(stack: Stack, schedule: Resource) -> Heard:
    """What Scheduler cannot start, and what it starts and nobody waits for."""
    not_started = _sent_on(stack, schedule, "target.deadLetterConfig.arn")
    aliases = stack.targets(schedule, "target.arn", ALIAS)
    called = [f for alias in aliases for f in stack.targets(alias, "functionName", FUNCTION)]
    given_up = _any(
        _sent_on(stack, config, "destinationConfig.onFailure.destination")
        for function in called
        for config in stack.companions(function, INVOKE, "functionName")
    )
    return _all(not_started, given_up)


def _rotation(stack: Stack, rotation: Resource) -> Heard:
    functions = stack.targets(rotation, "rotationLambdaArn", FUNCTION)
    if not functions and rotation.inputs.get("rotationLambdaArn") is UNKNOWN:
        return None
    return _any(_function(stack, function) for function in functions)


def _function(stack: Stack, function: Resource) -> Heard:
    groups = stack.targets(function, "loggingConfig.logGroup", LOG_GROUP)
    filters = [f for g in groups for f in stack.companions(g, METRIC_FILTER, "logGroupName")]
    return _any(
        [
            _alarmed(stack, "FunctionName", "Errors", function),
            *(_counted(stack, each) for each in filters),
        ]
    )


def _kept(stack: Stack, _: Resource) -> Heard:
    """That what is given up could not be sent on either, Lambda tells in no other way."""
    on = {name for alarm in stack.of(ALARM) for name in metrics(alarm)}
    return True if "DestinationDeliveryFailures" in on else None if UNKNOWN in on else False


def _counted(stack: Stack, filter_: Resource) -> Heard:
    made = [value(filter_.inputs, f"metricTransformation.{k}") for k in ("namespace", "name")]
    on = [
        [each.get("namespace"), each.get("metricName")]
        for alarm in stack.of(ALARM)
        for each in series(alarm)
    ]
    unknown = UNKNOWN in made or any(UNKNOWN in each for each in on)
    return True if made in on else None if unknown else False


def _any(found: Iterator[Heard] | list[Heard]) -> Heard:
    several = list(found)
    return True if True in several else None if None in several else False


def _all(*several: Heard) -> Heard:
    return False if False in several else None if None in several else True


KINDS: Final[dict[str, Callable[[Stack, Resource], Heard]]] = {
    QUEUE: _queue,
    SCHEDULE: _schedule,
    MAPPING: partial(_sent_on, by="destinationConfig.onFailure.destinationArn"),
    STREAM: lambda stack, stream: _alarmed(
        stack, "DeliveryStreamName", "DeliveryToS3.DataFreshness", stream
    ),
    ROTATION: _rotation,
    FUNCTION: _function,
    INVOKE: _kept,
}

RULES: Final[tuple[Rule, ...]] = (unattended_heard,)
