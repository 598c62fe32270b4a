"""CloudWatch: points of metrics, and the state an alarm that was declared is in after them.

Alarms on one metric each. Those on a formula are tested where they are stated.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["OK", "ALARM"]
COMPARED = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
}
STATISTICS = {
    "Sum": sum,
    "Average": lambda values: sum(values) / len(values),
    "Maximum": max,
    "Minimum": min,
}
FURTHER = 2
"""Periods looked at beyond the evaluation periods, as many as in AWS's tables. What AWS looks at
is not said: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html"""


@dataclass(frozen=True)
class Point:
    """One value that something published."""

    namespace: str
    metric: str
    dimensions: frozenset[tuple[str, str]]
    at: float
    value: float


def point(namespace: str, metric: str, at: float, value: float = 1, **dimensions: str) -> Point:
    return Point(namespace, metric, frozenset(dimensions.items()), at, value)


def state(alarm: Mapping[str, Any], points: Iterable[Point], now: float) -> State:
    """Of an alarm on one metric, by its inputs, at the end of a period."""
    on = (
        alarm["namespace"],
        alarm["metricName"],
        frozenset((alarm.get("dimensions") or {}).items()),
    )
    period, looked_at = alarm["period"], alarm["evaluationPeriods"] + FURTHER
    own = [p for p in points if (p.namespace, p.metric, p.dimensions) == on]
    starts = [now - period * (n + 1) for n in reversed(range(looked_at))]
    found = [[p.value for p in own if start <= p.at < start + period] for start in starts]
    summed_up = STATISTICS[alarm["statistic"]]
    breaches = COMPARED[alarm["comparisonOperator"]]
    return evaluated(
        [breaches(summed_up(values), alarm["threshold"]) if values else None for values in found],
        periods=alarm["evaluationPeriods"],
        to_alarm=alarm["datapointsToAlarm"],
        missing=alarm["treatMissingData"],
    )


def evaluated(breaching: list[bool | None], *, periods: int, to_alarm: int, missing: str) -> State:
    """By periods, the last one last, None where nothing was published: what there is counts
    first, and only what then lacks is filled in.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    """
    filled = {"breaching": True, "notBreaching": False}[missing]
    there = [each for each in breaching if each is not None][-periods:]
    counted = Counter([*there, *[filled] * (periods - len(there))])
    return "ALARM" if counted[True] >= to_alarm else "OK"


def matches(pattern: str, line: Mapping[str, Any]) -> bool:
    """Whether a JSON line matches a filter pattern of comparisons for equality.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
    """
    inner = re.fullmatch(r"\{(.*)\}", pattern.strip(), re.S)
    if not inner:
        raise ValueError(f"not JSON's: {pattern}")

    def compared(found: re.Match[str]) -> str:
        value: Any = line
        for key in found["path"].split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        return str(value == found["value"])

    said = re.sub(r'\$\.(?P<path>[\w.]+)\s*=\s*"(?P<value>[^"]*)"', compared, inner[1])
    words = said.replace("&&", " and ").replace("||", " or ").split()
    if unread := re.sub(r"True|False|and|or|[()]", "", "".join(words)):
        raise ValueError(f"not read here: {unread}")
    return bool(eval(" ".join(words)))  # noqa: S307 - of True, False, and, or, parentheses
