"""What is watched on a Postgres instance: the scaling triggers, storage and CPU credits.

Thresholds are shares of what the instance has, which is not yet what the stack file says while a
change waits for the maintenance window.
"""

from collections.abc import Iterator
from functools import partial

import pulumi_aws as aws
from pulumi import Output

from components.alarm import LARGER_CLASS, Alarm, Metric, Priority
from config.instances import KNOWN, burstable, memory_bytes
from config.sections import Database

GIB = 1024**3
CONNECTIONS = 0.8
FREE_MEMORY = 0.15
FREE_MEMORY_MICRO = 0.08
"""An idle 1 GiB instance is already below 15 %."""
FREE_STORAGE = 0.10
LAG_SECONDS = 360
"""A replica of a primary that nobody writes to reports up to five minutes:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html"""


def instance_alarms(name: str, instance: aws.rds.Instance, config: Database) -> Iterator[Alarm]:
    """The alarms of one instance, primary or replica."""

    def metric(metric_name: str, statistic: str = "Average") -> dict[str, Metric]:
        dimensions = {"DBInstanceIdentifier": instance.identifier}
        found = Metric(
            namespace="AWS/RDS", name=metric_name, dimensions=dimensions, statistic=statistic
        )
        return {"m": found}

    yield Alarm(
        name=f"{name}-storage",
        issue="data_loss",
        priority=Priority.UNNOTICED,
        metrics=metric("FreeStorageSpace", "Minimum"),
        comparison="LessThanThreshold",
        threshold=instance.allocated_storage.apply(lambda gib: round(gib * GIB * FREE_STORAGE)),
        action="Postgres stops when storage is full: raise database.max_storage_gib, up to which "
        "RDS then grows it, or database.storage_gib with database.apply_immediately: true, without "
        "which it waits for the maintenance window.",
    )
    yield Alarm(
        name=f"{name}-connections",
        issue="outage",
        priority=Priority.SCALE,
        metrics=metric("DatabaseConnections", "Maximum"),
        threshold=config.max_connections * CONNECTIONS,
        action="Connections are above 80 %: find who holds them. If all are in use raise "
        "database.max_connections and, where it has no room in memory, database.instance_class; "
        "then restart the instance as docs/operations.md says, for until then it has no more.",
    )
    yield Alarm(
        name=f"{name}-cpu",
        issue="outage",
        priority=Priority.SCALE,
        metrics=metric("CPUUtilization"),
        threshold=80,
        action=f"CPU is above 80 %: find the slow queries, then {LARGER_CLASS}",
    )
    yield Alarm(
        name=f"{name}-memory",
        issue="outage",
        priority=Priority.SCALE,
        metrics=metric("FreeableMemory"),
        comparison="LessThanThreshold",
        threshold=instance.instance_class.apply(partial(_little_memory, config.instance_class)),
        action=f"Little memory is free: find what takes it, then {LARGER_CLASS}",
    )
    if burstable(config.instance_class):
        yield Alarm(
            name=f"{name}-credits",
            issue="outage",
            priority=Priority.COSTLY,
            metrics=metric("CPUSurplusCreditsCharged", "Maximum"),
            threshold=0,
            periods=1,
            action=f"CPU beyond the class's credits is being billed: {LARGER_CLASS}",
        )


def lag_alarm(name: str, identifier: Output[str]) -> Alarm:
    """A replica that falls behind serves old answers."""
    dimensions = {"DBInstanceIdentifier": identifier}
    return Alarm(
        name=f"{name}-lag",
        issue="outage",
        priority=Priority.DEGRADED,
        metrics={"m": Metric(namespace="AWS/RDS", name="ReplicaLag", dimensions=dimensions)},
        threshold=LAG_SECONDS,
        action=f"A replica is over five minutes behind: end long transactions on it, then "
        f"{LARGER_CLASS}",
    )


def _little_memory(configured: str, running: str) -> int:
    """Of the class that runs; one that somebody else chose may be none that is known."""
    memory = memory_bytes(running if running in KNOWN else configured)
    return round(memory * (FREE_MEMORY if memory > GIB else FREE_MEMORY_MICRO))
