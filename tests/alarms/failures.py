"""What can fail in a stack, and what of it CloudWatch is told, as far as the graph lets it through.

Each way begins where AWS begins: at a schedule, a stream, a rotation, a notice or a call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contract.functions import FUNCTIONS
from contract.incidents import FAILED
from contract.metrics import OUTBOX_LAG, REALTIME, STACK
from graph.model import Graph, Resource
from policies.stack import Stack
from tests.alarms.cloudwatch import Point, matches, point, state
from tests.policies.cases import TODAY

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
FUNCTION = "aws:lambda/function:Function"
ALIAS = "aws:lambda/alias:Alias"
INVOKE = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
SCHEDULE = "aws:scheduler/schedule:Schedule"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
DELIVERY = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
QUEUE = "aws:sqs/queue:Queue"
TOPIC = "aws:sns/topic:Topic"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"

MINUTE, HOUR = 60, 3600
RETRIES = 2
"""Of Lambda's own where nothing else is declared, after one and two minutes:
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""
LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]


def _platform(kind: str, **record: str) -> dict[str, Any]:
    return {"time": "2026-11-22T03:00:00.000Z", "type": kind, "record": record}


# https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report
# https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#Status
DEATHS: dict[str, list[dict[str, Any]]] = {
    "raises": [{"level": "ERROR", "message": FAILED, "error": "KeyError"}],
    "takes too long": [_platform("platform.report", status="timeout")],
    "has no memory left": [
        _platform("platform.report", status="error", errorType="Runtime.OutOfMemory")
    ],
    "does not start": [
        _platform("platform.initReport", status="error", errorType="Runtime.ImportModuleError"),
        _platform("platform.report", status="error", errorType="Runtime.ImportModuleError"),
    ],
    "crashes where AWS fails": [_platform("platform.report", status="failure")],
}


@dataclass(frozen=True)
class Ways:
    """The failures of one stack."""

    stack: Stack

    @classmethod
    def of(cls, graph: Graph) -> "Ways":
        return cls(Stack(graph, TODAY))

    def all(self) -> dict[str, list[Point]]:
        """Every failure by what it is, with the points that come of it."""
        return {
            what: list(points)
            for ways in (
                self.functions(),
                self.schedules(),
                self.notices(),
                self.streams(),
                self.rotations(),
                self.deliveries(),
                self.elsewhere(),
            )
            for what, points in ways
        }

    def functions(self) -> Iterator[tuple[str, list[Point]]]:
        for function in self.stack.of(FUNCTION):
            for death in DEATHS:
                yield f"{function.name} {death}", list(self.dies(function, 0, death))

    def schedules(self) -> Iterator[tuple[str, list[Point]]]:
        """Scheduler calls asynchronously:
        https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html"""
        for schedule in self.stack.of(SCHEDULE):
            yield f"{schedule.name} fails", list(self.called_in_vain(schedule, "target.arn"))
            yield (
                f"{schedule.name} is not started",
                list(self.sent(schedule, "target.deadLetterConfig.arn", HOUR)),
            )

    def notices(self) -> Iterator[tuple[str, list[Point]]]:
        by = "lambdaFunctions[*].lambdaFunctionArn"
        for notification in self.stack.of(NOTIFICATION):
            if "lambdaFunctions" in notification.inputs:
                points = list(self.called_in_vain(notification, by))
                yield f"{notification.name} is not heard", points

    def streams(self) -> Iterator[tuple[str, list[Point]]]:
        for mapping in self.stack.of(MAPPING):
            by = "destinationConfig.onFailure.destinationArn"
            given_up = float(mapping.inputs["maximumRecordAgeInSeconds"])
            yield f"{mapping.name} is not delivered", list(self.sent(mapping, by, given_up))

    def rotations(self) -> Iterator[tuple[str, list[Point]]]:
        """Secrets Manager waits for the answer, so Lambda tries nothing again:
        https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html"""
        for rotation in self.stack.of(ROTATION):
            for function in self.stack.targets(rotation, "rotationLambdaArn", FUNCTION):
                yield f"{rotation.name} fails", list(self.dies(function, 0))

    def deliveries(self) -> Iterator[tuple[str, list[Point]]]:
        """The oldest record's age, each minute:
        https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html"""
        for stream in self.stack.of(DELIVERY):
            name = stream.outputs["name"]
            yield (
                f"{stream.name} is late",
                [
                    point(
                        "AWS/Firehose",
                        "DeliveryToS3.DataFreshness",
                        at,
                        at,
                        DeliveryStreamName=name,
                    )
                    for at in range(0, 2 * HOUR, MINUTE)
                ],
            )

    def elsewhere(self) -> Iterator[tuple[str, list[Point]]]:
        """What begins in nothing of the graph."""
        yield "a failure is not kept", [point("AWS/Lambda", "DestinationDeliveryFailures", 0)]
        for dimensions in self.relays():
            yield (
                "the outbox fills",
                [
                    point(REALTIME, OUTBOX_LAG, at, 600 + at, **dimensions)
                    for at in range(-HOUR, 3 * HOUR, MINUTE)
                ],
            )
            yield "the relay is not called", [point(REALTIME, OUTBOX_LAG, -HOUR, 0, **dimensions)]

    def relays(self) -> Iterator[Mapping[str, str]]:
        """The dimensions of what a relay measures, which its environment tells it."""
        for function in self.stack.of(FUNCTION):
            if function.name == "relay":
                yield {STACK: function.inputs["environment"]["variables"]["STACK"]}

    def called_in_vain(self, caller: Resource, by: str) -> Iterator[Point]:
        """An asynchronous call to an alias, tried again and given up."""
        for alias in self.stack.targets(caller, by, ALIAS):
            [function] = self.stack.targets(alias, "functionName", FUNCTION)
            configs = [
                config
                for config in self.stack.companions(function, INVOKE, "functionName")
                if config.inputs.get("qualifier") == alias.inputs["name"]
            ]
            declared = [c.inputs.get("maximumRetryAttempts", RETRIES) for c in configs]
            tries = 1 + int(next(iter(declared), RETRIES))
            timeout = float(function.inputs["timeout"])
            begins = [sum(MINUTE * n for n in range(tried + 1)) for tried in range(tries)]
            ends = [begin + timeout * (n + 1) for n, begin in enumerate(begins)]
            for end in ends:
                yield from self.dies(function, end)
            for config in configs:
                yield from self.sent(config, "destinationConfig.onFailure.destination", ends[-1])

    def dies(self, function: Resource, at: float, death: str = "raises") -> Iterator[Point]:
        name = function.outputs["name"]
        yield point("AWS/Lambda", "Errors", at, FunctionName=name)
        yield point("AWS/Lambda", "Errors", at)
        logging = function.inputs["loggingConfig"]
        for group in self.stack.targets(function, "loggingConfig.logGroup", LOG_GROUP):
            for line in filter(lambda line: logged(logging, line), DEATHS[death]):
                yield from self.counted(group, line, at)

    def counted(self, group: Resource, line: Mapping[str, Any], at: float) -> Iterator[Point]:
        for each in self.stack.companions(group, FILTER, "logGroupName"):
            made = each.inputs["metricTransformation"]
            if matches(each.inputs["pattern"], line):
                yield point(made["namespace"], made["name"], at, float(made["value"]))

    def sent(self, sender: Resource, by: str, at: float) -> Iterator[Point]:
        for queue in self.stack.targets(sender, by, QUEUE):
            yield point("AWS/SQS", "NumberOfMessagesSent", at, QueueName=queue.outputs["name"])

    def well(self) -> Iterator[Point]:
        """What is published while nothing fails, by a relay that runs each minute."""
        for dimensions in self.relays():
            for at in range(-HOUR, 3 * HOUR, MINUTE):
                yield point(REALTIME, OUTBOX_LAG, at, 0, **dimensions)

    def heard(self, points: list[Point]) -> set[str]:
        """The alarms that come, once or for good, and reach somebody."""
        instead = {p.metric for p in points}
        points = [*points, *(p for p in self.well() if p.metric not in instead)]
        return {
            alarm.name
            for alarm in self.stack.of(ALARM)
            if "metricQueries" not in alarm.inputs and "statistic" in alarm.inputs
            if alarm.inputs["actionsEnabled"] and self.reaches_somebody(alarm)
            if any(
                state(alarm.inputs, points, now) == "ALARM"
                for now in range(300, 3 * HOUR, int(alarm.inputs["period"]))
            )
        }

    def reaches_somebody(self, alarm: Resource) -> bool:
        topics = self.stack.targets(alarm, "alarmActions[*]", TOPIC)
        return any(self.stack.companions(topic, SUBSCRIPTION, "topic") for topic in topics)


def logged(logging: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
    """Whether Lambda writes the line, as JSON; what failed is a warning of the system's:
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html"""
    if logging.get("logFormat") != "JSON":
        return False
    key = "systemLogLevel" if "record" in line else "applicationLogLevel"
    own = line.get("level", "WARN")
    return LEVELS.index(own) >= LEVELS.index(logging.get(key, "INFO"))


def issue_of(function: str) -> str | None:
    """By a function's logical name."""
    return FUNCTIONS[function.replace("-", "_")].unattended
