"""What an alarm advises ends it: each key that a text names is changed, and the alarm looked at."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import pulumi
import pytest

from components.data.instance_alarms import instance_alarms
from config.instances import memory_bytes
from config.sections import Database
from graph.model import Graph, Resource
from tests.alarms.cloudwatch import Point, point, state
from tests.alarms.stacks import PRO
from tests.declare import declare
from tests.stacks import declared

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
INSTANCE = "aws:rds/instance:Instance"
FUNCTION = "aws:lambda/function:Function"
PROVISIONED = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"
WEB_ACL = "aws:wafv2/webAcl:WebAcl"

BUSY: dict[str, Any] = {
    **PRO,
    "database": {"replicas": 1},
    "account": {"owner": True, "alone": True},
    "alarms": {"metrics": 500},
}
KEY = re.compile(
    r"\b(?:account|alarms|api|audit|backup|database|edge|features|functions|logs|site|storage)"
    r"(?:\.[a-z_]+)+\b"
)
GIB = 2**30
VCPUS = {"db.t4g.medium": 2, "db.m8g.xlarge": 4}
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html"""
SAID = {
    # Told where to look or what holds, not what to raise.
    ("audit-delivery", "logs.retention_days"),
    ("cdn-errors", "site.release"),
}


class Advice(NamedTuple):
    """What the text says to change, and how much of the metric there is in a stack so declared."""

    alarm: str
    keys: tuple[str, ...]
    change: dict[str, Any]
    measured: Callable[[Graph, Resource], float]


def instance(graph: Graph, alarm: Resource) -> Resource:
    return graph.resource(alarm.name.rpartition("-")[0], INSTANCE)


def now(instance: Resource) -> dict[str, Any]:
    """What RDS gives it with the deploy: what does not wait for its window."""
    inputs = instance.inputs
    waits = not inputs["applyImmediately"]
    return {
        "class": "db.t4g.medium" if waits else inputs["instanceClass"],
        "storage": 100 if waits else inputs.get("allocatedStorage", 500),
        # Heeded at once, whatever else waits:
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
        "most": inputs["maxAllocatedStorage"],
    }


def cpu(graph: Graph, alarm: Resource) -> float:
    return 90 * 2 / VCPUS[now(instance(graph, alarm))["class"]]


def free_memory(graph: Graph, alarm: Resource) -> float:
    """All but 3.8 GiB."""
    return memory_bytes(now(instance(graph, alarm))["class"]) - 3.8 * GIB


def free_storage(graph: Graph, alarm: Resource) -> float:
    """All but 195 GiB, after storage has grown by itself as far as it may."""
    has = now(instance(graph, alarm))
    return (max(has["storage"], has["most"]) - 195) * GIB


def credits(graph: Graph, alarm: Resource) -> float:
    return float(now(instance(graph, alarm))["class"].startswith("db.t"))


def lag(graph: Graph, alarm: Resource) -> float:
    """A replica replays with one CPU, which is twice as fast where it is not out of credits."""
    return 400 if now(instance(graph, alarm))["class"].startswith("db.t") else 200


def connections(graph: Graph, alarm: Resource) -> float:  # noqa: ARG001 - as many as were
    return 220


def blocked(graph: Graph, alarm: Resource) -> float:  # noqa: ARG001
    """An office's 6000 requests in five minutes, of which IpRate refuses what is above it."""
    [acl] = graph.by_type(WEB_ACL)
    [rule] = [r for r in acl.inputs["rules"] if r["name"] == "IpRate"]
    limit = rule["statement"]["rateBasedStatement"]["limit"]
    return 0 if "count" in rule["action"] else max(0, 6000 - limit)


def slow(graph: Graph, alarm: Resource) -> float:  # noqa: ARG001
    """A request that waits for CPU, which comes with memory, or for a start, or for Postgres:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""
    worker, database = graph.resource("qmlab", FUNCTION), graph.resource("database", INSTANCE)
    warm = sum(p.name == "qmlab" for p in graph.by_type(PROVISIONED))
    faster = worker.inputs["memorySize"] / 512 * VCPUS[now(database)["class"]] / 2 * (1 + warm)
    return 600 / faster


def refused(graph: Graph, alarm: Resource) -> float:  # noqa: ARG001
    """Of 40 calls at once of each those for which a function has no execution left."""
    functions = (graph.resource(name, FUNCTION) for name in ("realtime", "simcore"))
    return sum(max(0, 40 - f.inputs["reservedConcurrentExecutions"]) for f in functions)


def unheard(graph: Graph, alarm: Resource) -> float:  # noqa: ARG001
    """Of 40 messages at once those for which there is no execution left."""
    function = graph.resource("realtime", FUNCTION)
    return max(0, 40 - function.inputs["reservedConcurrentExecutions"])


LARGER = {"instance_class": "db.m8g.xlarge", "apply_immediately": True}
LARGER_KEYS = ("database.instance_class", "database.apply_immediately")
STORAGE = {"storage_gib": 400, "max_storage_gib": 500, "apply_immediately": True}

ADVICE = [
    *(
        advice
        for name in ("database", "replicas-1")
        for advice in (
            Advice(f"{name}-cpu", LARGER_KEYS, {"database": LARGER}, cpu),
            Advice(f"{name}-memory", LARGER_KEYS, {"database": LARGER}, free_memory),
            Advice(f"{name}-credits", LARGER_KEYS, {"database": LARGER}, credits),
            Advice(
                f"{name}-storage",
                ("database.max_storage_gib",),
                {"database": {"max_storage_gib": 400}},
                free_storage,
            ),
            Advice(
                f"{name}-storage",
                ("database.storage_gib", "database.apply_immediately"),
                {"database": STORAGE},
                free_storage,
            ),
            Advice(
                f"{name}-connections",
                ("database.max_connections",),
                {"database": {"max_connections": 400}},
                connections,
            ),
            Advice(
                f"{name}-connections",
                ("database.max_connections", "database.instance_class"),
                {"database": {"max_connections": 800, "instance_class": "db.m8g.xlarge"}},
                connections,
            ),
        )
    ),
    Advice("replicas-1-lag", LARGER_KEYS, {"database": LARGER}, lag),
    Advice(
        "firewall-blocked",
        ("edge.firewall.ip_rate",),
        {"edge": {"firewall": {"ip_rate": {"requests": 9000, "window_seconds": 300}}}},
        blocked,
    ),
    Advice(
        "firewall-blocked",
        ("edge.firewall.count",),
        {"edge": {"firewall": {"count": {"IpRate": "2027-01-31"}}}},
        blocked,
    ),
    Advice("http-latency", ("functions.memory_mb",), {"functions": {"memory_mb": 1024}}, slow),
    Advice(
        "http-latency",
        ("functions.provisioned",),
        {"functions": {"provisioned": {"qmlab": 1}}},
        slow,
    ),
    Advice("http-latency", LARGER_KEYS, {"database": LARGER}, slow),
    Advice("websocket-errors", ("api.connections",), {"api": {"connections": 2000}}, unheard),
    Advice(
        "functions-throttles",
        ("functions.concurrency", "api.connections"),
        {"functions": {"concurrency": 250}, "api": {"connections": 2000}},
        refused,
    ),
]


def laid(values: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    sections = {key: {**values.get(key, {}), **more} for key, more in change.items()}
    return {**values, **sections}


def state_of(graph: Graph, advice: Advice) -> str:
    alarm = next((each for each in graph.by_type(ALARM) if each.name == advice.alarm), None)
    if alarm is None:
        return "OK"
    inputs = {**alarm.inputs, "statistic": alarm.inputs.get("statistic", "Average")}
    value = advice.measured(graph, alarm)
    points: list[Point] = [
        point(inputs["namespace"], inputs["metricName"], at, value, **inputs["dimensions"])
        for at in range(0, 3600, 60)
    ]
    return state(inputs, points, now=3600)


@pytest.mark.slow
@pytest.mark.parametrize("advice", ADVICE, ids=lambda a: f"{a.alarm} {' '.join(a.keys)}")
def test_what_the_text_says_is_heeded_with_the_deploy_and_ends_the_alarm(advice):
    before, after = declared(BUSY), declared(laid(BUSY, advice.change))

    assert (state_of(before, advice), state_of(after, advice)) == ("ALARM", "OK")


def test_every_key_that_a_text_names_is_tried():
    graph = declared(BUSY)

    named = {
        (alarm.name, key)
        for alarm in graph.by_type(ALARM)
        for key in KEY.findall(alarm.inputs["alarmDescription"])
    }

    assert named == {(a.alarm, key) for a in ADVICE for key in a.keys} | SAID


@pytest.mark.parametrize(
    ("running", "memory"),
    [
        ("db.t4g.medium", 0.15 * 4 * GIB),
        ("db.m8g.xlarge", 0.15 * 16 * GIB),
        # Chosen by hand, and none that is known: what the stack file says is the nearest.
        ("db.x2g.large", 0.15 * 16 * GIB),
    ],
)
def test_a_class_or_size_that_waits_for_its_window_moves_no_threshold_before_it_is_there(
    running, memory
):
    """What the instance has is the provider's output, which it reads from RDS:
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html"""
    config = Database(instance_class="db.m8g.xlarge", max_connections=400, storage_gib=400)

    def program() -> None:
        has = pulumi.Output.from_input
        runs: Any = SimpleNamespace(
            identifier=has("one"), instance_class=has(running), allocated_storage=has(100)
        )
        stated = instance_alarms("database", runs, config)
        for alarm in stated:
            pulumi.export(alarm.name, alarm.threshold)

    found = declare(program).outputs

    assert (found["database-memory"], found["database-storage"]) == (round(memory), 10 * GIB)
