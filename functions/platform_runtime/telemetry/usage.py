"""What each request used, in the log as ``[USAGE]`` and, from the same line, as metrics.

The line is in CloudWatch's embedded metric format, so a request pays for one line and no call.
Written by hand: Powertools' Metrics would put the same numbers into a second line, with the
service as a dimension, and so a series of each metric for every function.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime

NAMESPACE = "MaPlatform/Usage"
DIMENSION = "Environment"
UNITS = {
    "databaseQueries": "Count",
    "storageBytes": "Bytes",
    "functionInvocations": "Count",
    "bandwidthBytes": "Bytes",
}
METRICS = [{"Name": name, "Unit": unit} for name, unit in UNITS.items()]


@dataclass
class Usage:
    """Of one request; storage is what it stored, bandwidth what it took in and gave out."""

    database_queries: int = 0
    storage_bytes: int = 0
    bandwidth_bytes: int = 0

    def line(self, environment: str) -> str:
        """The request as a line of the log."""
        values = {
            "databaseQueries": self.database_queries,
            "storageBytes": self.storage_bytes,
            "functionInvocations": 1,
            "bandwidthBytes": self.bandwidth_bytes,
        }
        directive = {"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": METRICS}
        line = {
            "level": "INFO",
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "message": "[USAGE]",
            "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
            DIMENSION: environment,
            **values,
        }
        return json.dumps(line, separators=(",", ":"))


_current: ContextVar[Usage | None] = ContextVar("usage", default=None)


def add(*, database_queries: int = 0, storage_bytes: int = 0, bandwidth_bytes: int = 0) -> None:
    """Count towards the request in hand; outside of one it is nobody's."""
    usage = _current.get()
    if usage is not None:
        usage.database_queries += database_queries
        usage.storage_bytes += storage_bytes
        usage.bandwidth_bytes += bandwidth_bytes


@contextmanager
def metered(environment: str) -> Iterator[Usage]:
    """One request: at its end, however it ends, what it used is written down."""
    usage = Usage()
    token = _current.set(usage)
    try:
        yield usage
    finally:
        _current.reset(token)
        print(usage.line(environment), flush=True)
