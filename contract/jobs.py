"""What runs on a schedule: which function is told what, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Job:
    """``schedule`` is an EventBridge Scheduler expression, in UTC."""

    function: str
    schedule: str
    purpose: str
    event: Mapping[str, str] = field(default_factory=dict)
    realtime: bool = False


JOBS = {
    "cleanup": Job(
        function="maintenance",
        # The guide's 0 3 * * 0.
        schedule="cron(0 3 ? * SUN *)",
        purpose="Archive simulations that were completed over 90 days ago",
        event={"job": "cleanup_old_simulations"},
    ),
    "slow_queries": Job(
        function="maintenance",
        schedule="cron(30 6 * * ? *)",
        purpose="Report the 20 statements that take the most time",
        event={"job": "slow_query_report"},
    ),
    "verify_audit": Job(
        function="maintenance",
        schedule="cron(0 4 ? * SUN *)",
        purpose="Check that the audit trail is what was written",
        event={"job": "verify_audit"},
    ),
    "relay": Job(
        function="relay",
        schedule="rate(1 minute)",
        purpose="Hand events from the outbox on to whoever listens",
        realtime=True,
    ),
    "connections": Job(
        function="fanout",
        schedule="rate(5 minutes)",
        purpose="Count the open connections",
        event={"job": "count_connections"},
        realtime=True,
    ),
}
