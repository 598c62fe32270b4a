"""What an alarm is on, told from its metric or from those its formula is over."""

from collections.abc import Mapping
from typing import Any, Final

from graph.model import UNKNOWN, Data, Resource, Unknown
from policies.paths import value, values
from policies.stack import identifiers

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
    names = {*identifiers(resource), value(resource.inputs, NAME)}
    by = "metricQueries" if "metricQueries" in alarm.inputs else "dimensions"
    found: list[Data] = [v for v in values(alarm.inputs, FORMULA) if v is UNKNOWN]
    for each in series(alarm):
        dimensions = each.get("dimensions")
        named = dimensions.get(dimension) if isinstance(dimensions, Mapping) else dimensions
        found.append(named)
    if any(name in names for name in found if isinstance(name, str)):
        return True
    return UNKNOWN in found and resource.urn in alarm.property_dependencies.get(by, ())
