"""What is watched on the functions, all of them together: one alarm hears of the next one too."""

from collections.abc import Iterator

import pulumi_aws as aws
from pulumi import Output, Resource, ResourceOptions

from components.alarm import Alarm, Metric, Priority
from contract import metrics
from contract.incidents import FAILED

METRIC = "Failed"
_DIED = " || ".join(f'$.record.status = "{status}"' for status in ("error", "failure", "timeout"))
PATTERN = (
    f'{{ $.message = "{FAILED}" || '
    f'(($.type = "platform.report" || $.type = "platform.initReport") && ({_DIED})) }}'
)
"""What a handler failed at, and calls that it did not live to tell of: out of time or memory, or
never begun. https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#Status"""
LATE_SECONDS = 300


def namespace(identifier: str) -> str:
    """The stack's own, for a filter's metric has no dimension to tell it from another stack's."""
    return f"MaPlatform/Functions/{identifier}"


def count_failures(parent: Resource, name: str, identifier: str, log_group: Output[str]) -> None:
    """Count them in a function's log; without a default, so a quiet hour costs nothing."""
    aws.cloudwatch.LogMetricFilter(
        name,
        log_group_name=log_group,
        pattern=PATTERN,
        metric_transformation={"name": METRIC, "namespace": namespace(identifier), "value": "1"},
        opts=ResourceOptions(parent=parent),
    )


def function_alarms(identifier: str, *, alone: bool, realtime: bool) -> Iterator[Alarm]:
    """The stack's. Lambda's own metrics are everybody's without a dimension, so those are watched
    only where the stack is alone in its account's Region:
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    """
    yield Alarm(
        name="functions-failed",
        issue="outage",
        priority=Priority.UNNOTICED,
        metrics={"m": _sum(namespace(identifier), METRIC)},
        threshold=0,
        periods=1,
        action="A function failed at what nobody foresaw, ran out of time or memory, or did not "
        "start: docs/operations.md says how to find which and why. Mend it, or point its alias "
        "back if a release began it.",
    )
    if realtime:
        yield _outbox_lag(identifier)
    if alone:
        yield Alarm(
            name="functions-errors",
            issue="outage",
            priority=Priority.UNNOTICED,
            metrics={"m": _sum("AWS/Lambda", "Errors")},
            threshold=0,
            periods=1,
            action="A function of the account's Region failed. If functions-failed is quiet it "
            "could not write its log: see whose Errors rise, and look at its role and log group.",
        )
        yield Alarm(
            name="functions-throttles",
            issue="outage",
            priority=Priority.ECHO,
            metrics={"m": _sum("AWS/Lambda", "Throttles")},
            threshold=0,
            action="Calls are turned away: see whose Throttles rise and raise "
            "functions.concurrency, for those of the WebSocket api.connections, or find who calls "
            "so much.",
        )


def _outbox_lag(identifier: str) -> Alarm:
    """The relay measures each minute, so silence is its failure: an alarm that waits for a value
    would never hear of a relay that nothing calls."""
    lag = Metric(
        namespace=metrics.REALTIME,
        name=metrics.OUTBOX_LAG,
        dimensions={metrics.STACK: identifier},
        statistic="Maximum",
    )
    return Alarm(
        name="outbox-lag",
        issue="outage",
        priority=Priority.UNNOTICED,
        metrics={"m": lag},
        threshold=LATE_SECONDS,
        missing="breaching",
        action="Browsers hear of changes late or not at all: see in the log of relay whether it "
        "runs each minute and what it fails at.",
    )


def _sum(namespace: str, name: str) -> Metric:
    return Metric(namespace=namespace, name=name, dimensions={}, statistic="Sum")
