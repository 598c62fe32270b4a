"""What is given up lies in a queue, and its class's contacts hear of each one."""

import pytest

from components.alarm import Priority
from components.operations.failures import Failures, FailuresArgs
from tests.components.api.programs import statements
from tests.declare import KEY, context, declare, inputs

QUEUE = "aws:sqs/queue:Queue"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"


def failures(*issues) -> Failures:
    return Failures("failures", FailuresArgs(context=context(), issues=issues))


def stated(*issues):
    found = []
    declare(lambda: found.extend(failures(*issues).alarms))
    return {alarm.name: alarm for alarm in found}


def test_each_class_of_incident_has_a_queue_under_our_key_that_keeps_two_weeks():
    queues = inputs(declare(lambda: failures("outage", "data_loss")), QUEUE)

    # The longest SQS keeps a message:
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    same = {"kmsMasterKeyId": KEY, "messageRetentionSeconds": 1_209_600}
    assert queues == {"failures-outage": same, "failures-data-loss": same}


def test_a_queue_is_talked_to_over_tls_only_and_lets_nobody_else_in():
    graph = declare(lambda: failures("outage"))
    [queue] = graph.by_type(QUEUE)

    assert statements(inputs(graph, POLICY)["failures-outage"]["policy"]) == {
        "TlsOnly": {
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["sqs:*"],
            "Resource": [queue.outputs["arn"]],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    }


@pytest.mark.parametrize("issue", ["outage", "security", "data_loss"])
def test_each_one_that_arrives_alarms_the_class_though_an_old_one_lies_there(issue):
    alarm = stated(issue)[f"failures-{issue.replace('_', '-')}"]
    [metric] = alarm.metrics.values()

    assert (alarm.issue, alarm.priority, alarm.threshold) == (issue, Priority.UNNOTICED, 0)
    # Sent by Lambda and Scheduler, so counted as such; what is visible would stay high for days:
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    assert (metric.namespace, metric.name, metric.statistic) == (
        "AWS/SQS",
        "NumberOfMessagesSent",
        "Sum",
    )
    assert (alarm.period_seconds, alarm.periods, alarm.missing) == (300, 1, "notBreaching")


def test_what_did_not_reach_a_queue_either_alarms():
    alarm = stated("outage")["failures-undelivered"]
    [metric] = alarm.metrics.values()

    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    assert (metric.namespace, metric.name, metric.dimensions) == (
        "AWS/Lambda",
        "DestinationDeliveryFailures",
        {},
    )
    assert (alarm.threshold, alarm.periods) == (0, 1)
