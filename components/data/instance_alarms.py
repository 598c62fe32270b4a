"""What is watched on a Postgres instance: the scaling triggers, storage and CPU credits."""

from collections.abc import Iterator

from pulumi import Output

from components.alarm import Alarm, Metric, Priority
from config.instances import burstable, memory_bytes
from config.sections import Database

GIB = 1024**3
CONNECTIONS = 0.8
FREE_MEMORY = 0.15
FREE_MEMORY_MICRO = 0.08
"""An idle 1 GiB instance is already below 15 %."""
FREE_STORAGE = 0.10
LAG_SECONDS = 60


def instance_alarms(name: str, identifier: Output[str], config: Database) -> Iterator[Alarm]:
    """The alarms of one instance, primary or replica."""

    def metric(metric_name: str, statistic: str = "Average") -> dict[str, Metric]:
        dimensions = {"DBInstanceIdentifier": identifier}
        found = Metric(
            namespace="AWS/RDS", name=metric_name, dimensions=dimensions, statistic=statistic
        )
        return {"m": found}

    memory = memory_bytes(config.instance_class)
    free = FREE_MEMORY if memory > GIB else FREE_MEMORY_MICRO
    yield Alarm(
        name=f"{name}-storage",
        issue="data_loss",
        priority=Priority.DOWN,
        metrics=metric("FreeStorageSpace", "Minimum"),
        comparison="LessThanThreshold",
        threshold=round(config.storage_gib * GIB * FREE_STORAGE),
        action="Postgres stops when storage is full: raise database.storage_gib or "
        "database.max_storage_gib.",
    )
    yield Alarm(
        name=f"{name}-connections",
        issue="outage",
        priority=Priority.SCALE,
        metrics=metric("DatabaseConnections", "Maximum"),
        threshold=config.max_connections * CONNECTIONS,
        action="Connections are above 80 %: add database.replicas, or raise "
        "database.max_connections with database.instance_class.",
    )
    yield Alarm(
        name=f"{name}-cpu",
        issue="outage",
        priority=Priority.SCALE,
        metrics=metric("CPUUtilization"),
        threshold=80,
        action="CPU is above 80 %: find the slow queries, then raise database.instance_class.",
    )
    yield Alarm(
        name=f"{name}-memory",
        issue="outage",
        priority=Priority.SCALE,
        metrics=metric("FreeableMemory"),
        comparison="LessThanThreshold",
        threshold=round(memory * free),
        action=f"Less than {free:.0%} of memory is free: raise database.instance_class or lower "
        "database.max_connections.",
    )
    if burstable(config.instance_class):
        yield Alarm(
            name=f"{name}-credits",
            issue="outage",
            priority=Priority.COSTLY,
            metrics=metric("CPUSurplusCreditsCharged", "Maximum"),
            threshold=0,
            periods=1,
            action="CPU beyond the class's credits is being billed: raise database.instance_class.",
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
        action="A replica is a minute behind: look for long transactions, then raise "
        "database.instance_class.",
    )
