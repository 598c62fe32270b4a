"""Every failure of every stack is heard by somebody, by the alarms that were declared."""

import re

import pytest

from contract.jobs import JOBS
from graph.model import Graph
from policies.metrics import ALARM
from tests.alarms.failures import DEATHS, FUNCTION, ROTATION, SCHEDULE, Ways, issue_of
from tests.alarms.stacks import PRO
from tests.policies.cases import Edit, both, changed, without
from tests.stacks import STACKS, built, declared


def heard(graph: Graph, what: str) -> set[str]:
    ways = Ways.of(graph)
    return ways.heard(ways.all().get(what, []))


def expected(what: str, built_alarms: set[str]) -> set[str]:
    """Who hears of it: by the queues of what is given up, by what is counted of all functions."""
    counted = {"functions-failed"}
    rotation = {"rotation-failures"} & built_alarms
    if death := re.fullmatch(rf"(\S+) ({'|'.join(DEATHS)})", what):
        return counted | (rotation if death[1] == "rotation" else set())
    if job := re.fullmatch(r"jobs-(\S+) (fails|is not started)", what):
        issue = issue_of(JOBS[job[1].replace("-", "_")].function)
        given_up = {f"failures-{str(issue).replace('_', '-')}"}
        return given_up | (counted if job[2] == "fails" else set())
    if what.startswith("rotation-"):
        return counted | rotation
    return {
        "data is not heard": {"failures-outage", *counted},
        "events is not delivered": {"failures-outage"},
        "audit-delivery is late": {"audit-delivery"},
        "a failure is not kept": {"failures-undelivered"},
        "the outbox fills": {"outbox-lag"},
        "the relay is not called": {"outbox-lag"},
    }[what]


@pytest.mark.parametrize(
    "stack", ["prod", *(pytest.param(s, marks=pytest.mark.slow) for s in STACKS if s != "prod")]
)
def test_every_failure_is_heard_by_those_whose_incident_it_is_in_every_tier(stack):
    graph = built(stack)
    alarms = {alarm.name for alarm in graph.by_type(ALARM)}
    ways = Ways.of(graph)

    failing = ways.all()

    begun = len(graph.by_type(FUNCTION)) * len(DEATHS) + 2 * len(graph.by_type(SCHEDULE))
    assert len(failing) == begun + len(graph.by_type(ROTATION)) + 6
    assert {what: ways.heard(points) for what, points in failing.items()} == {
        what: expected(what, alarms) for what in failing
    }


def test_where_all_is_well_nobody_hears_of_anything():
    assert Ways.of(built("prod")).heard([]) == set()


@pytest.mark.slow
def test_a_stack_alone_in_its_region_hears_of_functions_that_cannot_even_log():
    alone = {**PRO, "account": {"owner": True, "alone": True}}
    dumb = changed("lambda.Function worker", "loggingConfig.logGroup", "gone")

    assert heard(dumb(declared(PRO)), "worker raises") == set()
    assert heard(dumb(declared(alone)), "worker raises") == {"functions-errors"}


FAILED = "cloudwatch.MetricAlarm functions-failed"
GIVEN_UP = "cloudwatch.MetricAlarm failures-data-loss"
LAG = "cloudwatch.MetricAlarm outbox-lag"
VERIFY, RESTORED, ROTATED = "jobs-verify-audit fails", "data is not heard", "rotation-api-key fails"
TIMED_OUT = "backup-key takes too long"

LINKS: list[tuple[str, str, Edit]] = [
    # A call that nobody waits for, from the alias to the queue of its class and its alarm.
    (VERIFY, GIVEN_UP, without("lambda.FunctionEventInvokeConfig maintenance")),
    (
        VERIFY,
        GIVEN_UP,
        changed("lambda.FunctionEventInvokeConfig maintenance", "destinationConfig", None),
    ),
    (
        VERIFY,
        GIVEN_UP,
        changed("lambda.FunctionEventInvokeConfig maintenance", "qualifier", "$LATEST"),
    ),
    (VERIFY, GIVEN_UP, without("lambda.Alias maintenance")),
    (VERIFY, GIVEN_UP, changed("scheduler.Schedule jobs-verify-audit", "target.arn", "elsewhere")),
    (VERIFY, GIVEN_UP, without("sqs.Queue failures-data-loss")),
    (VERIFY, GIVEN_UP, without(GIVEN_UP)),
    (VERIFY, GIVEN_UP, changed(GIVEN_UP, "dimensions.QueueName", "failures-outage")),
    (VERIFY, GIVEN_UP, changed(GIVEN_UP, "metricName", "ApproximateNumberOfMessagesVisible")),
    (VERIFY, GIVEN_UP, changed(GIVEN_UP, "namespace", "AWS/Lambda")),
    (VERIFY, GIVEN_UP, changed(GIVEN_UP, "threshold", 1)),
    (VERIFY, GIVEN_UP, changed(GIVEN_UP, "actionsEnabled", False)),
    (VERIFY, GIVEN_UP, changed(GIVEN_UP, "alarmActions", [])),
    (VERIFY, GIVEN_UP, without("sns.TopicSubscription topics-data-loss")),
    # A weekly job never fails in three windows of five minutes in a row.
    (
        VERIFY,
        GIVEN_UP,
        both(changed(GIVEN_UP, "evaluationPeriods", 3), changed(GIVEN_UP, "datapointsToAlarm", 3)),
    ),
    (
        "jobs-cleanup is not started",
        GIVEN_UP,
        changed("scheduler.Schedule jobs-cleanup", "target.deadLetterConfig", None),
    ),
    (
        "events is not delivered",
        "cloudwatch.MetricAlarm failures-outage",
        changed("lambda.EventSourceMapping events", "destinationConfig", None),
    ),
    (
        RESTORED,
        "cloudwatch.MetricAlarm failures-outage",
        without("lambda.FunctionEventInvokeConfig restored"),
    ),
    # A function that dies, from its log to the one metric and its alarm.
    (TIMED_OUT, FAILED, without("cloudwatch.LogMetricFilter backup-key")),
    (TIMED_OUT, FAILED, changed("cloudwatch.LogMetricFilter backup-key", "logGroupName", "other")),
    (
        TIMED_OUT,
        FAILED,
        changed("cloudwatch.LogMetricFilter backup-key", "pattern", '{ $.message = "[FAILED]" }'),
    ),
    (
        "backup-key raises",
        FAILED,
        changed("cloudwatch.LogMetricFilter backup-key", "pattern", '{ $.message = "FAILED" }'),
    ),
    (
        TIMED_OUT,
        FAILED,
        changed("cloudwatch.LogMetricFilter backup-key", "metricTransformation.name", "Other"),
    ),
    (
        TIMED_OUT,
        FAILED,
        changed("cloudwatch.LogMetricFilter backup-key", "metricTransformation.namespace", "Other"),
    ),
    (TIMED_OUT, FAILED, changed("lambda.Function backup-key", "loggingConfig.logFormat", "Text")),
    (TIMED_OUT, FAILED, changed("lambda.Function backup-key", "loggingConfig.logGroup", "other")),
    (
        "backup-key raises",
        FAILED,
        changed("lambda.Function backup-key", "loggingConfig.applicationLogLevel", "FATAL"),
    ),
    (TIMED_OUT, FAILED, without(FAILED)),
    (TIMED_OUT, FAILED, changed(FAILED, "dimensions", {"FunctionName": "backup-key"})),
    (TIMED_OUT, FAILED, changed(FAILED, "namespace", "MaPlatform/Functions/ma-platform-other")),
    (TIMED_OUT, FAILED, changed(FAILED, "threshold", 5)),
    (ROTATED, FAILED, without("cloudwatch.LogMetricFilter rotation")),
    (ROTATED, "cloudwatch.MetricAlarm rotation-failures", without("lambda.Function rotation")),
    # What should happen and does not.
    ("the relay is not called", LAG, changed(LAG, "treatMissingData", "notBreaching")),
    ("the relay is not called", LAG, without(LAG)),
    ("the outbox fills", LAG, changed(LAG, "dimensions", {"Environment": "production"})),
    ("the outbox fills", LAG, changed(LAG, "threshold", 10**6)),
    (
        "audit-delivery is late",
        "cloudwatch.MetricAlarm audit-delivery",
        changed("cloudwatch.MetricAlarm audit-delivery", "dimensions.DeliveryStreamName", "other"),
    ),
]


@pytest.mark.parametrize(("what", "alarm", "removed"), LINKS)
def test_a_link_that_is_removed_is_a_failure_that_its_alarm_does_not_hear(what, alarm, removed):
    name, sound = alarm.rpartition(" ")[2], built("prod")

    assert name in heard(sound, what)
    # One that always comes says nothing either.
    assert name not in heard(removed(sound), what) - Ways.of(removed(sound)).heard([])
