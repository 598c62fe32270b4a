"""Alarm: what a data store or entry point wants watched, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Protocol

from pulumi import Input

from contract.incidents import Issue

Comparison = Literal["GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"]


LARGER_CLASS = (
    "raise database.instance_class with database.apply_immediately: true, without which it waits "
    "for the maintenance window."
)
"""What several alarms advise:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html"""


class Priority(IntEnum):
    """Who else would notice: what nobody else would, a small allowance pays for first."""

    UNNOTICED = 1
    """Nobody: it is in the background, of many things at once, or about to happen."""
    DOWN = 2
    """Everybody: people cannot work."""
    SCALE = 3
    """A scaling trigger: queries want mending, or the tier raising."""
    DEGRADED = 4
    """Some people: it works, but badly, or somebody does what they should not."""
    ECHO = 5
    """Whoever hears of another alarm, which comes with it; or it mends itself."""
    COSTLY = 6
    """Who pays: it works, but costs more than it should."""
    NOTICE = 7
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
