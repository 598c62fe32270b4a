"""Rules for alarms on what a database runs out of."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Data, Resource, Unknown
from policies.metrics import ALARM, about, metrics
from policies.paths import value
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.data.instance import INSTANCE
from policies.rules.data.parameters import PARAMETERS
from policies.stack import Stack

GIB: Final = 2**30
MEMORY: Final = {"micro": 1, "small": 2, "medium": 4, "large": 8, "xlarge": 16}
"""GiB of an instance class of the t and m families; r has twice as much, x four times:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html"""
FAMILIES: Final = {"t": 1, "m": 1, "r": 2, "x": 4}


Bounds = tuple[float, float]


@rule(
    "13.5", fix="set the threshold to what is left of the instance's storage, memory, connections"
)
def database_alarms_fit(stack: Stack) -> Iterator[Judgement]:
    """Alarms on what a database runs out of come when little is left, and not before."""
    for instance in stack.of(INSTANCE):
        for alarm in stack.of(ALARM):
            if not about(alarm, "DBInstanceIdentifier", instance):
                continue
            bounds, threshold = _bounds(stack, instance, alarm), alarm.inputs.get("threshold")
            if bounds is None:
                continue
            if isinstance(bounds, Unknown) or threshold is UNKNOWN:
                yield undecided(alarm, "threshold")
            elif isinstance(threshold, (int, float)) and bounds[0] <= threshold <= bounds[1]:
                yield met(alarm)
            else:
                between = f"{bounds[0]:.0f} to {bounds[1]:.0f}"
                yield violated(alarm, f"threshold is {threshold}, must be {between}")


def _bounds(stack: Stack, instance: Resource, alarm: Resource) -> Bounds | Unknown | None:
    """The threshold's, as shares of what the instance has; None where that is nothing's."""
    on = metrics(alarm)
    if "DatabaseConnections" in on:
        return _shares(_connections(stack, instance), 0.5, 0.9)
    if "FreeStorageSpace" in on:
        return _shares(_storage(stack, instance), 0.05 * GIB, 0.3 * GIB)
    if "FreeableMemory" in on:
        return _shares(_memory(instance), 0.05 * GIB, 0.3 * GIB)
    return None


def _shares(whole: Data, least: float, most: float) -> Bounds | Unknown | None:
    if whole is None or isinstance(whole, Unknown):
        return whole
    return least * whole, most * whole


def _connections(stack: Stack, instance: Resource) -> Data:
    for group in stack.targets(instance, "parameterGroupName", PARAMETERS):
        found = value(group.inputs, "parameters[name=max_connections].value")
        if found is UNKNOWN:
            return UNKNOWN
        return int(found) if str(found).isdigit() else None
    return None


def _storage(stack: Stack, instance: Resource) -> Data:
    """Its own or, for a replica, its primary's."""
    sources = [instance, *stack.targets(instance, "replicateSourceDb", INSTANCE)]
    sizes = (each.inputs.get("allocatedStorage") for each in sources)
    return next((size for size in sizes if size is not None), None)


def _memory(instance: Resource) -> Data:
    name = instance.inputs.get("instanceClass")
    if name is UNKNOWN:
        return UNKNOWN
    _, family, size = [*str(name).split("."), "", ""][:3]
    times, _, unit = size.rpartition("xlarge")
    whole = MEMORY["xlarge"] * int(times) if times.isdigit() and not unit else MEMORY.get(size)
    return whole * FAMILIES[family[0]] if whole and family[:1] in FAMILIES else None


RULES: Final[tuple[Rule, ...]] = (database_alarms_fit,)
