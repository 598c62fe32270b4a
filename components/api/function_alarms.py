"""What is watched on every function. The APIs watch what their callers see of it."""

from collections.abc import Iterator

from pulumi import Output

from components.alarm import Alarm, Metric, Priority


def function_alarms(name: str, function_name: Output[str]) -> Iterator[Alarm]:
    """The alarms of one function."""

    def metric(metric_name: str) -> dict[str, Metric]:
        dimensions = {"FunctionName": function_name}
        found = Metric(
            namespace="AWS/Lambda", name=metric_name, dimensions=dimensions, statistic="Sum"
        )
        return {"m": found}

    yield Alarm(
        name=f"{name}-throttles",
        issue="outage",
        priority=Priority.DEGRADED,
        metrics=metric("Throttles"),
        threshold=0,
        action="Calls are turned away: raise functions.concurrency, or find who calls so much.",
    )
    yield Alarm(
        name=f"{name}-errors",
        issue="outage",
        priority=Priority.DEGRADED,
        metrics=metric("Errors"),
        threshold=0,
        action="It keeps failing: read its log, and point its alias back if a release began it.",
    )
