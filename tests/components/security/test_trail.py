"""What the account's CloudTrail registers, and what in it is watched."""

import json
from collections.abc import Collection

import pulumi
import pytest

from components.alarm import Priority
from components.operations.alarms import within
from components.security.key import Key, KeyArgs
from components.security.trail import Trail, TrailArgs
from components.security.trail_access import trail_arn
from components.security.trail_events import EVENTS
from config.sections import Audit
from tests.components.api.programs import only
from tests.components.security.programs import archive
from tests.declare import ACCOUNT, KEY, REGION, context, declare, inputs

TRAIL = "aws:cloudtrail/trail:Trail"
FILTER = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
NAME = "ma-platform-test"
ALL = [event.alarm("trail").name for event in EVENTS]
ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{NAME}"


def trail(*, insights: bool = False, alarms: Collection[str] = ALL) -> None:
    Trail(
        "trail",
        TrailArgs(
            context=context(identifier=NAME),
            config=Audit(retention_days=30, insights=insights),
            archive=archive(trail_arn=ARN),
            data_bucket_arn="arn:aws:s3:::data",
        ),
    ).measure(alarms)


@pytest.fixture(scope="module")
def graph():
    return declare(trail)


def test_every_call_of_every_region_is_kept_under_our_key_and_can_be_validated(graph):
    found = only(graph, TRAIL)
    (bucket,) = graph.by_type("aws:s3/bucket:Bucket")
    (group,) = graph.by_type("aws:cloudwatch/logGroup:LogGroup")

    assert {
        key: found[key]
        for key in found
        if key not in ("advancedEventSelectors", "cloudWatchLogsRoleArn")
    } == {
        "name": NAME,
        "s3BucketName": bucket.outputs["bucket"],
        "s3KeyPrefix": "trail",
        "kmsKeyId": KEY,
        "isMultiRegionTrail": True,
        "includeGlobalServiceEvents": True,
        "enableLogging": True,
        "enableLogFileValidation": True,
        "cloudWatchLogsGroupArn": f"{group.outputs['arn']}:*",
    }


def test_it_waits_for_the_policies_that_let_it_write(graph):
    (found,) = graph.by_type(TRAIL)
    needed = {
        r.urn
        for token in ("aws:s3/bucketPolicy:BucketPolicy", "aws:iam/rolePolicy:RolePolicy")
        for r in graph.by_type(token)
    }

    assert len(needed) == 2
    assert needed <= set(found.dependencies)


def test_insights_are_paid_for_only_where_they_are_asked_for(graph):
    assert "insightSelectors" not in only(graph, TRAIL)
    found = only(declare(lambda: trail(insights=True)), TRAIL)
    assert [s["insightType"] for s in found["insightSelectors"]] == [
        "ApiCallRateInsight",
        "ApiErrorRateInsight",
    ]


def test_calls_on_objects_are_recorded_for_the_archive_and_the_backups_alone(graph):
    (bucket,) = graph.by_type("aws:s3/bucket:Bucket")
    archived = bucket.outputs["arn"]
    management, *objects = only(graph, TRAIL)["advancedEventSelectors"]

    assert management["fieldSelectors"] == [{"field": "eventCategory", "equals": ["Management"]}]
    data = [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": ["AWS::S3::Object"]},
    ]
    assert [s["fieldSelectors"] for s in objects] == [
        [*data, prefixes(f"{archived}/lines/", f"{archived}/anchors/")],
        [*data, prefixes("arn:aws:s3:::data/backups/")],
        [
            *data,
            prefixes(f"{archived}/trail/"),
            # Its own deliveries would each be reason for another.
            {"field": "eventName", "notEquals": ["PutObject"]},
        ],
    ]


def prefixes(*arns):
    return {"field": "resources.ARN", "startsWiths": list(arns)}


def test_each_event_of_the_benchmark_has_a_filter_and_states_an_alarm_on_its_metric(graph):
    filters = inputs(graph, FILTER)
    alarms = {alarm.name: alarm for alarm in (event.alarm("trail") for event in EVENTS)}

    assert len(filters) == 14
    assert filters.keys() == alarms.keys()
    for name, found in filters.items():
        (metric,) = alarms[name].metrics.values()
        assert found["metricTransformation"] == {
            "name": metric.name,
            "namespace": metric.namespace,
            "value": "1",
        }
        assert len(found["pattern"]) <= 1024, "CloudWatch Logs takes no longer one"


def test_what_no_alarm_is_on_is_not_counted_either():
    graph = declare(lambda: trail(alarms=["http-errors", "trail-root-usage"]))

    assert list(inputs(graph, FILTER)) == ["trail-root-usage"]


def test_a_small_allowance_keeps_what_cannot_be_a_deploy():
    stated = [event.alarm("trail") for event in EVENTS]

    kept, _ = within(stated, 4)

    assert [alarm.name for alarm in kept] == [
        "trail-root-usage",
        "trail-trail-changes",
        "trail-key-deletion",
        "trail-unauthorized-calls",
    ]
    assert {a.priority for a in stated} == {Priority.DEGRADED, Priority.NOTICE}
    assert {a.issue for a in stated} == {"security"}


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        (
            "key-deletion",
            "{($.eventSource=kms.amazonaws.com) && "
            "(($.eventName=DisableKey) || ($.eventName=ScheduleKeyDeletion))}",
        ),
        (
            "trail-changes",
            "{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || "
            "($.eventName=DeleteTrail) || ($.eventName=StartLogging) || "
            "($.eventName=StopLogging)}",
        ),
    ],
)
def test_patterns_are_written_as_security_hub_reads_them(name, pattern):
    assert {event.name: event.pattern for event in EVENTS}[name] == pattern


def test_the_key_lets_cloudtrail_in_for_this_trail_and_only_where_there_is_one():
    def key(**options):
        args = KeyArgs(account_id=ACCOUNT, region=REGION, protect=False, **options)
        graph = declare(lambda: Key("key", args))
        document = json.loads(only(graph, "aws:kms/key:Key")["policy"])
        return {s["Sid"]: s for s in document["Statement"]}

    found = key(trail_arn=ARN)
    only_trail = {"aws:SourceArn": ARN}

    assert found.keys() - key().keys() == {"TrailEncrypt", "TrailKey"}
    assert found["TrailEncrypt"]["Action"] == ["kms:GenerateDataKey*"]
    assert found["TrailEncrypt"]["Condition"] == {
        "StringEquals": only_trail,
        "StringLike": {
            "kms:EncryptionContext:aws:cloudtrail:arn": f"arn:aws:cloudtrail:*:{ACCOUNT}:trail/*"
        },
    }
    assert found["TrailKey"]["Condition"] == {"StringEquals": only_trail}


def test_the_trails_arn_is_known_before_there_is_one():
    def program():
        pulumi.export("arn", trail_arn(NAME, ACCOUNT, REGION))

    assert declare(program).outputs["arn"] == ARN
