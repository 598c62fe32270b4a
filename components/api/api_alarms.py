"""What is watched on the APIs: what their callers see of them."""

from collections.abc import Iterator

from pulumi import Output

from components.alarm import LARGER_CLASS, Alarm, Metric, Priority

LATENCY_MILLISECONDS = 500
ERROR_PERCENT = 1
ERROR_FLOOR = 20
"""Requests in a period up to which one error says nothing of a rate."""


def http_alarms(name: str, api_id: Output[str]) -> Iterator[Alarm]:
    """Errors and latency; what clients do wrong (4xx) is not the platform's to mend."""
    yield Alarm(
        name=f"{name}-errors",
        issue="outage",
        priority=Priority.DOWN,
        metrics={"errors": _metric("5xx", api_id), "requests": _metric("Count", api_id)},
        expression=f"IF(requests > {ERROR_FLOOR}, 100 * errors / requests, 0)",
        threshold=ERROR_PERCENT,
        action="More than 1 % of requests fail: read the access log for the route, then its "
        "function's log, and point the function's alias back if a release began it.",
    )
    yield Alarm(
        name=f"{name}-latency",
        issue="outage",
        priority=Priority.SCALE,
        metrics={"m": _metric("Latency", api_id, "p95")},
        threshold=LATENCY_MILLISECONDS,
        action="One request in twenty takes over 500 ms: look at the traces. Where functions are "
        "slow raise functions.memory_mb or, where they start, functions.provisioned; where "
        f"Postgres is, {LARGER_CLASS}",
    )


def websocket_alarms(name: str, api_id: Output[str]) -> Iterator[Alarm]:
    """Calls that fail before the function answers.

    Not IntegrationError: it counts each refused connection, for a refusal is an answer of 4xx.
    DEGRADED, for people see it: a small allowance hears first of what nobody sees.
    """
    yield Alarm(
        name=f"{name}-errors",
        issue="outage",
        priority=Priority.DEGRADED,
        metrics={"m": _metric("ExecutionError", api_id)},
        threshold=0,
        action="Messages do not reach the function: read the API's execution log. If the function "
        "is throttled raise api.connections, from which it has its executions.",
    )


def _metric(metric_name: str, api_id: Output[str], statistic: str = "Sum") -> Metric:
    return Metric(
        namespace="AWS/ApiGateway",
        name=metric_name,
        dimensions={"ApiId": api_id},
        statistic=statistic,
    )
