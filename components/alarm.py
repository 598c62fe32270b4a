"""Alarm: what a data store or entry point wants watched, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Protocol

from pulumi import Input

from contract.incidents import Issue

Comparison = Literal["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"]


class Priority(IntEnum):
    """Which alarms a small allowance keeps: the lower number first."""

    DOWN = 1
    """People cannot work, or data is at risk."""
    SCALE = 2
    """A scaling trigger: queries want mending, or the tier raising."""
    DEGRADED = 3
    """It works, but badly."""
    COSTLY = 4
    """It works, but costs more than it should."""
    NOTICE = 5
    """Nothing is wrong yet: somebody should have meant it."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One CloudWatch metric; ``statistic`` is a name such as Sum, or a percentile such as p95."""

    namespace: str
    name: str
    dimensions: Mapping[str, Input[str]]
    statistic: str = "Average"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One alarm: metric against threshold for ``periods`` of ``period_seconds``.

    ``action`` says what to do and names the config key to raise. With ``expression`` the alarm
    is on a formula over ``metrics`` by their keys, and bills each of them.
    """

    name: str
    issue: Issue
    priority: Priority
    action: str
    metrics: Mapping[str, Metric]
    threshold: Input[float]
    expression: str | None = None
    comparison: Comparison = "GreaterThanThreshold"
    period_seconds: int = 300
    periods: int = 3
    missing: Literal["notBreaching", "breaching", "ignore"] = "notBreaching"
    edge: bool = False
    """The metric is CloudFront's, which exist in us-east-1 only."""

    @property
    def cost(self) -> int:
        """Alarm metrics it bills."""
        return len(self.metrics)


class Watched(Protocol):
    """Whatever states alarms of its own."""

    @property
    def alarms(self) -> Sequence[Alarm]:
        """In order of importance."""
