"""What an alarm is on, told from its metric or from those its formula is over."""

from collections.abc import Mapping
from typing import Any, Final

from graph.model import UNKNOWN, Data, Resource, Unknown
from policies.paths import value, values
from policies.references import identifiers

ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"

FORMULA: Final = "metricQueries[*].metric"
"""Where an alarm on a formula says what the formula is over."""
NAME: Final = "visibilityConfig.metricName"
"""Where a web ACL says the name its metrics have."""


def series(alarm: Resource) -> list[Mapping[str, Any]]:
    """The metrics an alarm is on, each with its dimensions; none where they are unknown."""
    queries = alarm.inputs.get("metricQueries")
    if queries is None:
        return [alarm.inputs]
    listed = queries if isinstance(queries, list) else []
    found = [query.get("metric") for query in listed if isinstance(query, Mapping)]
    return [metric for metric in found if isinstance(metric, Mapping)]


def metrics(alarm: Resource) -> set[str | Unknown]:
    """Their names; UNKNOWN stands for those only a deployment can tell."""
    names = [each.get("metricName") for each in series(alarm)]
    unknown = UNKNOWN in (*names, *values(alarm.inputs, FORMULA))
    return {name for name in names if isinstance(name, str)} | ({UNKNOWN} if unknown else set())


def about(alarm: Resource, dimension: str, resource: Resource) -> bool:
    """Whether the dimension names the resource: by value or, unknown, by where it is from."""
    found = _named(alarm, dimension)
    if not found:
        return False
    names = {*identifiers(resource), value(resource.inputs, NAME)} - {UNKNOWN}
    if found & names:
        return True
    by = "metricQueries" if "metricQueries" in alarm.inputs else "dimensions"
    return UNKNOWN in found and resource.urn in alarm.property_dependencies.get(by, ())


def _named(alarm: Resource, dimension: str) -> set[str | Unknown]:
    """What the dimension is, of each of an alarm's metrics that has it."""
    found: list[Data] = [each for each in values(alarm.inputs, FORMULA) if each is UNKNOWN]
    for each in series(alarm):
        dimensions = each.get("dimensions")
        found.append(dimensions.get(dimension) if isinstance(dimensions, Mapping) else dimensions)
    return {each for each in found if isinstance(each, (str, Unknown))}
