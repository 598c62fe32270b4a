"""Rules for alarms: whether one would come, when, and to whom."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Data
from policies.metrics import ALARM, metrics, series
from policies.paths import MISSING, value, values
from policies.predicates import GIVEN, ON, between
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

FILTER: Final = "aws:cloudwatch/logMetricFilter:LogMetricFilter"

PERIOD: Final = 300

ABOUT: Final[Mapping[str, tuple[frozenset[str], ...]]] = {
    namespace: tuple(map(frozenset, alternatives))
    for namespace, alternatives in {
        "AWS/ApiGateway": [{"ApiId"}, {"ApiName"}],
        "AWS/CloudFront": [{"DistributionId", "Region"}],
        "AWS/Cognito": [{"UserPool", "UserPoolClient"}],
        "AWS/DynamoDB": [{"TableName"}],
        "AWS/Firehose": [{"DeliveryStreamName"}],
        "AWS/Lambda": [{"FunctionName"}],
        "AWS/RDS": [{"DBInstanceIdentifier"}, {"ProxyName"}],
        "AWS/SQS": [{"QueueName"}],
        "AWS/WAFV2": [{"WebACL", "Rule"}],
    }.items()
}
"""The dimensions without which a metric has no values, by its namespace."""
SUMMED: Final = {"DestinationDeliveryFailures", "Errors", "Throttles"}
"""Of Lambda's metrics, which are also published over all functions, those that are worth an alarm
whose ever it is, or where all are the stack's: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"""

FEW: Final = 5
MOST: Final[Mapping[str, float]] = {
    "5xx": FEW,
    "5xxErrorRate": FEW,
    "ApproximateNumberOfMessagesVisible": FEW,
    "BlockedRequests": 5000,
    "CPUUtilization": 90,
    "DatabaseConnectionsCurrentlySessionPinned": 250,
    "DeliveryToS3.DataFreshness": 3600,
    "Errors": FEW,
    "ExecutionError": FEW,
    "Failed": FEW,
    "IntegrationError": FEW,
    "IntegrationLatency": 3000,
    "Latency": 3000,
    "ReadThrottleEvents": FEW,
    "ReplicaLag": 600,
    "SignInThrottles": FEW,
    "Throttles": FEW,
    "WriteThrottleEvents": FEW,
}
"""Above what people would notice first: counts in five minutes, percents, milliseconds, seconds."""
QUIET: Final[Mapping[str, float]] = {"ReplicaLag": 300}
"""What is reported while nothing is wrong; of a primary that nobody writes to:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html"""
COUNTED: Final = 50
"""The same, for what a filter counts in a log."""

_alarm = partial(Property, type=ALARM)

ROWS: Final[tuple[Rule, ...]] = (
    _alarm(
        name="alarm-tells-somebody",
        path="alarmActions",
        must=GIVEN,
        controls=["13.5"],
        fix="set alarmActions to a topic that somebody hears",
    ),
    _alarm(
        name="alarm-tells-when-it-is-over",
        path="okActions",
        must=GIVEN,
        controls=["13.5"],
        fix="set okActions: who was woken may sleep again",
    ),
    _alarm(
        name="alarm-tells-when-it-is-blind",
        path="insufficientDataActions",
        must=GIVEN,
        controls=["13.5"],
        fix="set insufficientDataActions",
    ),
    _alarm(
        name="alarm-enabled",
        path="actionsEnabled",
        must=ON,
        controls=["13.6"],
        fix="set actionsEnabled to true",
    ),
    _alarm(
        name="alarm-soon",
        path="evaluationPeriods",
        must=between(1, 5),
        controls=["13.5"],
        fix="set evaluationPeriods so that an alarm comes within half an hour",
    ),
    _alarm(
        name="alarm-explains-itself",
        path="alarmDescription",
        must=GIVEN,
        controls=["13.5"],
        fix="say in alarmDescription what to do",
    ),
)


@rule("13.5", fix="set the period to five minutes or less, of each metric of a formula")
def alarm_looks_often(stack: Stack) -> Iterator[Judgement]:
    """What an alarm is on is looked at every five minutes or more often."""
    for alarm in stack.of(ALARM):
        periods = [each.get("period") for each in series(alarm)]
        known = [each for each in periods if isinstance(each, (int, float))]
        if any(each > PERIOD for each in known) or None in periods:
            yield violated(alarm, f"looks every {', '.join(map(str, periods))} seconds")
        elif known and len(known) == len(periods):
            yield met(alarm)
        else:
            yield undecided(alarm, "period")


@rule("13.5", fix="set datapointsToAlarm to evaluationPeriods or less")
def alarm_can_come(stack: Stack) -> Iterator[Judgement]:
    """No alarm waits for more points than it looks at."""
    for alarm in stack.of(ALARM):
        points, periods = (alarm.inputs.get(k) for k in ("datapointsToAlarm", "evaluationPeriods"))
        if UNKNOWN in (points, periods):
            yield undecided(alarm, "datapointsToAlarm")
        elif points is None or (periods and points <= periods):
            yield met(alarm)
        else:
            yield violated(alarm, f"waits for {points} points of {periods}")


@rule("13.5", fix="set returnData to true for the formula, and for nothing else")
def alarm_on_one_series(stack: Stack) -> Iterator[Judgement]:
    """An alarm over several metrics is on the one series that comes of them."""
    for alarm in stack.of(ALARM):
        if "metricQueries" not in alarm.inputs:
            continue
        shown = values(alarm.inputs, "metricQueries[*].returnData")
        if UNKNOWN in shown:
            yield undecided(alarm, "returnData")
        elif shown.count(True) == 1:
            yield met(alarm)
        else:
            yield violated(alarm, f"is on {shown.count(True)} series")


@rule("13.5", fix="name in dimensions what is watched: a metric without them has no values")
def alarm_names_what_it_watches(stack: Stack) -> Iterator[Judgement]:
    """An alarm on an AWS metric has the dimensions that the metric is published with."""
    for alarm in stack.of(ALARM):
        found = [_named(each) for each in series(alarm)]
        if False in found:
            yield violated(alarm, "lacks a dimension of its metric")
        elif found and None not in found:
            yield met(alarm)
        else:
            yield undecided(alarm, "dimensions")


def _named(metric: Mapping[str, Data]) -> bool | None:
    if metric.get("metricName") in SUMMED:
        return True
    wanted = ABOUT.get(str(metric.get("namespace")))
    dimensions = metric.get("dimensions") or {}
    if dimensions is UNKNOWN or metric.get("namespace") is UNKNOWN:
        return None
    return wanted is None or any(each <= dimensions.keys() for each in wanted)


@rule("13.5", fix="set the threshold so that the alarm comes before people notice, and no sooner")
def alarm_comes_early(stack: Stack) -> Iterator[Judgement]:
    """An alarm on too much of something comes while little is lost, and not while nothing is."""
    names = [value(f.inputs, "metricTransformation.name") for f in stack.of(FILTER)]
    bounds = {**{name: COUNTED for name in names if isinstance(name, str)}, **MOST}
    for alarm in stack.of(ALARM):
        if not str(alarm.inputs.get("comparisonOperator")).startswith("Greater"):
            continue
        threshold = alarm.inputs.get("threshold", MISSING)
        least = max((QUIET.get(str(name), 0) for name in metrics(alarm)), default=0)
        most = min((bounds[name] for name in metrics(alarm) if name in bounds), default=None)
        if threshold is UNKNOWN or UNKNOWN in metrics(alarm):
            yield undecided(alarm, "threshold")
        elif threshold is MISSING and "thresholdMetricId" not in alarm.inputs:
            yield violated(alarm, "has no threshold")
        elif most is not None and threshold is not MISSING and threshold > most:
            yield violated(alarm, f"threshold is {threshold}, must be {most} or less")
        elif least and threshold is not MISSING and threshold <= least:
            yield violated(alarm, f"threshold is {threshold}, must be above {least}")
        else:
            yield met(alarm)


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    alarm_looks_often,
    alarm_can_come,
    alarm_on_one_series,
    alarm_names_what_it_watches,
    alarm_comes_early,
)
