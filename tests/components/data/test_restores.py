"""How a function is told of objects that are back, and where what cannot be told goes."""

import json

from components.data.bucket import PrivateBucket, PrivateBucketArgs
from components.data.restores import Restores, RestoresArgs
from components.data.storage import Storage, StorageArgs
from components.security.key import Key, KeyArgs
from config.sections import Storage as StorageConfig
from tests.components.api.programs import function, only, statements
from tests.declare import ACCOUNT, KEY, REGION, context, declare, inputs

NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
PERMISSION = "aws:lambda/permission:Permission"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"
QUEUE = "aws:sqs/queue:Queue"
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"


def restores() -> Restores:
    return Restores(
        "restores",
        RestoresArgs(
            context=context(),
            bucket="data-bucket",
            function=function("restored"),
        ),
    )


def output(graph, token, name, attribute):
    [found] = [r for r in graph.by_type(token) if r.name == name]
    return found.outputs[attribute]


def test_the_rule_is_for_restores_of_objects_in_the_data_bucket_alone():
    rule = only(declare(restores), RULE)

    assert json.loads(rule["eventPattern"]) == {
        "source": ["aws.s3"],
        "detail-type": ["Object Restore Completed"],
        "detail": {
            "bucket": {"name": ["data-bucket"]},
            "object": {"key": [{"prefix": "objects/"}]},
        },
    }


def test_the_live_alias_is_called_for_a_day_and_then_the_event_is_kept():
    graph = declare(restores)

    assert only(graph, TARGET) == {
        "rule": output(graph, RULE, "restores", "name"),
        "arn": output(graph, "aws:lambda/alias:Alias", "restored", "arn"),
        "retryPolicy": {"maximumEventAgeInSeconds": 86400, "maximumRetryAttempts": 185},
        "deadLetterConfig": {"arn": output(graph, QUEUE, "restores-failures", "arn")},
    }


def test_the_function_lets_this_rule_in_and_no_other():
    graph = declare(restores)
    permission = only(graph, PERMISSION)

    assert (permission["principal"], permission["qualifier"], permission["sourceArn"]) == (
        "events.amazonaws.com",
        "live",
        output(graph, RULE, "restores", "arn"),
    )


def test_the_queue_is_under_our_key_and_takes_this_rules_events_over_tls():
    graph = declare(restores)
    arn = output(graph, QUEUE, "restores-failures", "arn")
    policy = statements(inputs(graph, POLICY)["restores-failures"]["policy"])

    assert inputs(graph, QUEUE)["restores-failures"] == {
        "kmsMasterKeyId": KEY,
        "messageRetentionSeconds": 1_209_600,
    }
    assert (policy.keys(), policy["TlsOnly"]["Effect"]) == ({"TlsOnly", "Rule"}, "Deny")
    assert policy["Rule"] == {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": ["sqs:SendMessage"],
        "Resource": [arn],
        "Condition": {"ArnEquals": {"aws:SourceArn": output(graph, RULE, "restores", "arn")}},
    }


def test_a_functions_own_queue_takes_nothing_from_a_rule():
    graph = declare(restores)

    assert statements(inputs(graph, POLICY)["restored-failures"]["policy"]).keys() == {"TlsOnly"}


def test_a_rule_may_use_the_key_for_what_it_sends_to_the_queue():
    args = KeyArgs(account_id=ACCOUNT, region=REGION, protect=False)
    policy = statements(only(declare(lambda: Key("key", args)), "aws:kms/key:Key")["policy"])
    [rules] = [s for s in policy.values() if s["Principal"] == {"Service": "events.amazonaws.com"}]

    assert {"kms:Decrypt", "kms:GenerateDataKey*"} <= set(rules["Action"])


def test_what_waits_in_the_queue_raises_an_alarm():
    found = []
    declare(lambda: found.extend(restores().alarms))
    [alarm] = found

    assert (alarm.name, alarm.issue, alarm.threshold, alarm.periods) == (
        "restores-dead-letters",
        "data_loss",
        0,
        1,
    )
    assert alarm.metrics["m"].name == "ApproximateNumberOfMessagesVisible"
    assert "the rule's dead-letter queue" in alarm.action


def test_the_data_bucket_tells_eventbridge_and_another_bucket_does_not():
    def program() -> None:
        args = StorageArgs(
            context=context(protect=True),
            config=StorageConfig(),
            logs_bucket="logs",
        )
        Storage("data", args)
        PrivateBucket("other", PrivateBucketArgs(protect=False, noncurrent_days=1))

    found = inputs(declare(program), NOTIFICATION)

    assert {name: n["eventbridge"] for name, n in found.items()} == {"data": True}
