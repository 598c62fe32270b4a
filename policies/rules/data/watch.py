"""Rules for what is seen of RDS: monitoring, logs, parameters and events."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import wholly
from policies.predicates import GIVEN, ON, Must, equals, includes, matches, one_of
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.database import INSTANCE, PARAMETERS
from policies.stack import Stack

SUBSCRIPTION: Final = "aws:rds/eventSubscription:EventSubscription"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"

SECONDS: Final = (1, 5, 10, 15, 30, 60)
MONTHS: Final = (7, *range(31, 24 * 31, 31), 731)

EVENTS: Final = {
    "db-instance": ("7.17", {"configuration change", "failure", "maintenance"}),
    "db-parameter-group": ("7.18", {"configuration change"}),
    "db-security-group": ("7.19", {"configuration change", "failure"}),
}
"""What somebody must hear of, by what it happens to."""
EVERYTHING: Final = frozenset({"every category"})


def observed(instance: Resource) -> bool:
    """Whether Performance Insights are wanted."""
    return instance.inputs.get("performanceInsightsEnabled") is True


_instance = partial(Property, type=INSTANCE)


def _parameter(name: str, parameter: str, must: Must, fix: str, *controls: str) -> Property:
    return Property(
        name=name,
        type=PARAMETERS,
        path=f"parameters[name={parameter}].value",
        must=must,
        controls=controls,
        fix=fix,
    )


ROWS: Final[tuple[Rule, ...]] = (
    _instance(
        name="database-monitored",
        path="monitoringInterval",
        must=one_of(*SECONDS),
        controls=["7.8", "7.29"],
        fix="set monitoringInterval to 60 seconds or less; 0 is off",
        production=True,
    ),
    _instance(
        name="database-monitoring-may-write",
        path="monitoringRoleArn",
        must=GIVEN,
        controls=["7.8", "7.29"],
        fix="set monitoringRoleArn: monitoring asks for it",
        only=lambda r: bool(r.inputs.get("monitoringInterval")),
        production=True,
    ),
    _instance(
        name="database-insights-on",
        path="performanceInsightsEnabled",
        must=ON,
        controls=["7.9", "7.29"],
        fix="set performanceInsightsEnabled to true: seven days of it are free",
    ),
    _instance(
        name="database-insights-under-own-key",
        path="performanceInsightsKmsKeyId",
        must=GIVEN,
        controls=["7.9", "7.29"],
        fix="set performanceInsightsKmsKeyId: statements show there as they were written",
        only=observed,
    ),
    _instance(
        name="database-insights-kept",
        path="performanceInsightsRetentionPeriod",
        must=one_of(*MONTHS),
        controls=["7.9"],
        fix="set performanceInsightsRetentionPeriod to 7, 731 or a month's multiple of 31",
        only=observed,
    ),
    _instance(
        name="database-logs-exported",
        path="enabledCloudwatchLogsExports",
        must=includes("postgresql", "upgrade"),
        controls=["7.10", "7.29"],
        fix="set enabledCloudwatchLogsExports to postgresql and upgrade",
    ),
    _parameter(
        "database-tls-forced",
        "rds.force_ssl",
        equals("1"),
        "set rds.force_ssl to 1: no password or row goes in clear",
        "7.13",
    ),
    _parameter(
        "database-ddl-logged",
        "log_statement",
        one_of("ddl", "mod", "all"),
        "set log_statement to ddl",
        "7.14",
    ),
    _parameter(
        "database-slow-statements-logged",
        "log_min_duration_statement",
        matches(r"[1-9]\d{0,3}|10000", "is 1 to 10000 milliseconds"),
        "set log_min_duration_statement: what is slow is found by it",
        "7.14",
    ),
    Property(
        name="database-idle-transactions-cut",
        type=PARAMETERS,
        path="parameters[name=idle_in_transaction_session_timeout].value",
        must=matches(r"[1-9]\d{3,4}|[12]\d{5}|300000", "is 1000 to 300000 milliseconds"),
        controls=[],
        fix="set idle_in_transaction_session_timeout to five minutes at most: what a transaction "
        "locks, a function that died does not release",
        severity="medium",
    ),
    Property(
        name="database-events-sent",
        type=SUBSCRIPTION,
        path="enabled",
        must=ON,
        controls=["7.17", "7.18", "7.19"],
        fix="set enabled to true",
    ),
)


@rule("7.13", "7.14", fix="declare an rds.ParameterGroup and name it in parameterGroupName")
def database_has_own_parameters(stack: Stack) -> Iterator[Judgement]:
    """An instance has parameters of its own: the default ones force no TLS and log nothing."""
    for instance in stack.of(INSTANCE):
        named = stack.targets(instance, "parameterGroupName", PARAMETERS)
        yield met(instance) if named else violated(instance, "has the default parameter group")


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


def _subscribed(kind: str) -> Rule:
    control, categories = EVENTS[kind]

    @rule(control, fix=f"declare an rds.EventSubscription of sourceType {kind}")
    def heard(stack: Stack) -> Iterator[Judgement]:
        about = [s for s in stack.of(SUBSCRIPTION) if s.inputs.get("sourceType") in (kind, UNKNOWN)]
        told = [_told(each) for each in about]
        missing = categories - {each for several in told if several for each in several}
        for instance in stack.of(INSTANCE):
            if EVERYTHING in told or not missing:
                yield met(instance)
            elif None in told:
                yield undecided(instance, "eventCategories")
            else:
                what = ", ".join(sorted(missing))
                yield violated(instance, f"nobody is told of {kind} events: {what}")

    name = f"database-{kind.removeprefix('db-')}-events-heard"
    return replace(heard, name=name, description=f"Somebody is told when a {kind} changes or fails")


def _told(subscription: Resource) -> frozenset[Data] | None:
    """The categories somebody is told of, all if none is named; None where that is unknown."""
    named = subscription.inputs.get("eventCategories")
    if subscription.inputs.get("enabled") is False:
        return frozenset()
    unknown = not wholly(named) or subscription.inputs.get("sourceType") is UNKNOWN
    return None if unknown else frozenset(named or EVERYTHING)


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    database_has_own_parameters,
    database_logs_expire,
    *(_subscribed(kind) for kind in EVENTS),
)
