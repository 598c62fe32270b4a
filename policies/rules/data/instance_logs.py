"""Rules for the logs of RDS instances."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN
from policies.paths import wholly
from policies.predicates import includes
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.instance import INSTANCE
from policies.stack import Stack

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"


ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="database-logs-exported",
        type=INSTANCE,
        path="enabledCloudwatchLogsExports",
        must=includes("postgresql", "upgrade"),
        controls=["7.10", "7.29"],
        fix="set enabledCloudwatchLogsExports to postgresql and upgrade",
    ),
)


@rule("7.10", "13.1", fix="declare the cloudwatch.LogGroup /aws/rds/instance/<identifier>/<log>")
def database_logs_expire(stack: Stack) -> Iterator[Judgement]:
    """The groups that RDS logs to are there before it: its own never expire."""
    names = {group.inputs.get("name") for group in stack.of(LOG_GROUP)}
    for instance in stack.of(INSTANCE):
        identifier = instance.inputs.get("identifier")
        logs = instance.inputs.get("enabledCloudwatchLogsExports") or ()
        known = wholly([identifier, logs])
        wanted = {f"/aws/rds/instance/{identifier}/{log}" for log in (logs if known else ())}
        missing = wanted - names
        if not known or (missing and UNKNOWN in names):
            yield undecided(instance, "which groups it logs to")
        elif missing:
            yield violated(instance, f"no group {', '.join(sorted(missing))}")
        else:
            yield met(instance)


RULES: Final[tuple[Rule, ...]] = (*ROWS, database_logs_expire)
