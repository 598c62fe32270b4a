"""Rules for log groups, which every layer has: what is kept, for how long, and who writes there."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Resource
from policies.metrics import ALARM, metrics
from policies.paths import MISSING, value, values
from policies.predicates import GIVEN, NOT_ON, at_least, one_of
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
FIREWALL: Final = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
METRIC_FILTER: Final = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
FILTERS: Final = {
    METRIC_FILTER: "logGroupName",
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": "logGroup",
}
"""What looks at the lines of a group, and the property that names it."""

WRITERS: Final = {
    "aws:apigatewayv2/stage:Stage": "accessLogSettings.destinationArn",
    "aws:cloudtrail/trail:Trail": "cloudWatchLogsGroupArn",
    "aws:ec2/flowLog:FlowLog": "logDestination",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        "extendedS3Configuration.cloudwatchLoggingOptions.logGroupName"
    ),
    "aws:lambda/function:Function": "loggingConfig.logGroup",
    FIREWALL: "logDestinationConfigs[*]",
}
"""What writes to a group, and the property that names it."""

RETENTIONS: Final = (
    *(7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""Days, as CloudWatch has them, from a week:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""

_group = partial(Property, type=LOG_GROUP)

ROWS: Final[tuple[Rule, ...]] = (
    _group(
        name="logs-expire",
        path="retentionInDays",
        must=one_of(*RETENTIONS),
        controls=["13.1"],
        fix="set retentionInDays to a value CloudWatch has, from a week to ten years: without it "
        "logs are kept and paid for ever",
    ),
    _group(
        name="logs-kept-a-year",
        path="retentionInDays",
        must=at_least(365),
        controls=["13.2"],
        fix="set retentionInDays to 365 or more: what happened is asked months later",
        production=True,
    ),
    _group(
        name="logs-under-own-key",
        path="kmsKeyId",
        must=GIVEN,
        controls=["13.3"],
        fix="set kmsKeyId to the platform's key",
    ),
    _group(
        name="logs-go-with-their-stack",
        path="skipDestroy",
        must=NOT_ON,
        controls=["13.1"],
        fix="leave skipDestroy: a group that outlives its stack is nobody's",
    ),
)


@rule("13.1", "13.3", fix="name a cloudwatch.LogGroup of the stack")
def logs_in_own_groups(stack: Stack) -> Iterator[Judgement]:
    """What is logged goes to groups whose key and retention the stack declares."""
    for kind, path in WRITERS.items():
        for writer in stack.of(kind):
            found = [each for each in values(writer.inputs, path) if each is not MISSING]
            elsewhere = [each for each in found if isinstance(each, str) and _not_logs(each)]
            if not found or elsewhere:
                continue
            owned = stack.targets(writer, path, LOG_GROUP)
            yield met(writer) if owned else violated(writer, f"{path} is no group of the stack")


def _not_logs(destination: str) -> bool:
    """Whether it is a bucket or a stream."""
    return destination.startswith("arn:") and ":logs:" not in destination


@rule("13.1", fix="let something write to the group, or remove the filter")
def filters_see_lines(stack: Stack) -> Iterator[Judgement]:
    """What counts or passes on a group's lines has a group that something writes to."""
    for kind, by in FILTERS.items():
        for each in stack.of(kind):
            groups = stack.targets(each, by, LOG_GROUP)
            if not groups and UNKNOWN in values(each.inputs, by):
                yield undecided(each, by)
            elif any(_written(stack, group) for group in groups):
                yield met(each)
            else:
                yield violated(each, "nothing writes to its group")


@rule(fix="declare an alarm on the metric, or remove the filter", severity="low")
def filters_alarm(stack: Stack) -> Iterator[Judgement]:
    """What is counted in a log alarms: a metric that nobody reads is paid for all the same."""
    heard = {name for alarm in stack.of(ALARM) for name in metrics(alarm)}
    for each in stack.of(METRIC_FILTER):
        name = value(each.inputs, "metricTransformation.name")
        if name in heard and name is not UNKNOWN:
            yield met(each)
        elif UNKNOWN in heard or name is UNKNOWN:
            yield undecided(each, "metricName")
        else:
            yield violated(each, f"no alarm on {name}")


def _written(stack: Stack, group: Resource) -> bool:
    """Whether something says so, or the group has the name that a service writes to."""
    reserved = str(group.inputs.get("name")).startswith("/aws/")
    return reserved or any(stack.companions(group, kind, by) for kind, by in WRITERS.items())


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    logs_in_own_groups,
    filters_see_lines,
    filters_alarm,
)
