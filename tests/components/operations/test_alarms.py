"""How alarms are chosen and rendered, and where they go."""

import json

from pulumi import Output

from components.alarm import Alarm, Metric, Priority
from components.operations.alarms import Alarms, AlarmsArgs, within
from components.operations.topics import Topics, TopicsArgs
from config.sections import Alarms as AlarmsConfig
from config.sections import Contacts
from tests.declare import ACCOUNT, KEY, context, declare, inputs

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
CONTACTS = Contacts(outage="o@example.com", security="s@example.com", data_loss="d@example.com")


def alarm(name: str, priority: Priority = Priority.SCALE, **fields) -> Alarm:
    metric = Metric(namespace="AWS/RDS", name="CPUUtilization", dimensions={"Id": "a"})
    given = {"metrics": {"m": metric}, "issue": "outage", "threshold": 80, "action": "Act."}
    return Alarm(name=name, priority=priority, **given | fields)


def topics(region: str) -> dict:
    return {
        issue: Output.from_input(f"arn:aws:sns:{region}:{ACCOUNT}:{issue}")
        for issue in ("outage", "security", "data_loss")
    }


def rendered(*stated: Alarm, allowance: int = 10):
    args = AlarmsArgs(
        config=AlarmsConfig(metrics=allowance),
        stated=stated,
        region="eu-central-1",
        topics=topics("eu-central-1"),
        edge_topics=topics("us-east-1"),
    )
    return inputs(declare(lambda: Alarms("alarms", args)), ALARM)


def test_a_small_allowance_keeps_the_most_important_alarms_and_names_the_rest():
    metric = Metric(namespace="N", name="M", dimensions={})
    ratio = {"a": metric, "b": metric}
    stated = [
        alarm("slow", Priority.DEGRADED),
        alarm("rate", Priority.DOWN, metrics=ratio, expression="a/b"),
        alarm("full", Priority.SCALE),
    ]

    kept, left_out = within(stated, 3)

    assert [a.name for a in kept] == ["rate", "full"]
    assert left_out == ["slow"]


def test_an_alarm_goes_to_the_topic_of_its_class_and_says_what_to_do():
    found = rendered(alarm("storage", issue="data_loss"))["storage"]

    arn = f"arn:aws:sns:eu-central-1:{ACCOUNT}:data_loss"
    assert found["alarmActions"] == found["okActions"] == [arn]
    assert found["alarmDescription"] == "Act. Answered within 1 hour."
    assert (found["statistic"], found["period"], found["evaluationPeriods"]) == ("Average", 300, 3)
    assert found["actionsEnabled"] is True


def test_an_alarm_on_cloudfront_lives_and_notifies_in_us_east_1():
    found = rendered(alarm("edge", edge=True))["edge"]

    assert found["region"] == "us-east-1"
    assert found["alarmActions"] == [f"arn:aws:sns:us-east-1:{ACCOUNT}:outage"]


def test_a_percentile_is_an_extended_statistic_that_ignores_few_samples():
    metric = Metric(namespace="N", name="Latency", dimensions={}, statistic="p95")
    found = rendered(alarm("p95", metrics={"m": metric}))["p95"]

    assert found["extendedStatistic"] == "p95"
    assert found["evaluateLowSampleCountPercentiles"] == "ignore"
    assert "statistic" not in found


def test_a_formula_returns_one_series_over_its_metrics():
    metrics = {
        "e": Metric(namespace="N", name="5xx", dimensions={"ApiId": "a"}, statistic="Sum"),
        "c": Metric(namespace="N", name="Count", dimensions={"ApiId": "a"}, statistic="Sum"),
    }
    found = rendered(alarm("rate", metrics=metrics, expression="100*e/c"))["rate"]

    formula, *parts = found["metricQueries"]
    assert (formula["expression"], formula["returnData"]) == ("100*e/c", True)
    assert [(p["id"], p["metric"]["metricName"], p["metric"]["stat"]) for p in parts] == [
        ("e", "5xx", "Sum"),
        ("c", "Count", "Sum"),
    ]
    assert "metricName" not in found
    assert "period" not in found


def test_each_topic_is_encrypted_and_takes_this_accounts_own_services_over_tls():
    args = TopicsArgs(
        context=context(),
        contacts=CONTACTS,
    )
    graph = declare(lambda: Topics("topics", args))

    found = inputs(graph, "aws:sns/topic:Topic")
    assert {name: t["kmsMasterKeyId"] for name, t in found.items()} == {
        "topics-outage": KEY,
        "topics-security": KEY,
        "topics-data-loss": KEY,
    }
    for policy in inputs(graph, "aws:sns/topicPolicy:TopicPolicy").values():
        tls, *publishers = json.loads(policy["policy"])["Statement"]
        assert (tls["Effect"], tls["Action"]) == ("Deny", ["sns:Publish"])
        assert {p["Principal"]["Service"]: p["Condition"] for p in publishers} == {
            f"{service}.amazonaws.com": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
            for service in ("cloudwatch", "budgets", "events.rds")
        }
    subscriptions = inputs(graph, "aws:sns/topicSubscription:TopicSubscription")
    assert {name: (s["protocol"], s["endpoint"]) for name, s in subscriptions.items()} == {
        "topics-outage": ("email", "o@example.com"),
        "topics-security": ("email", "s@example.com"),
        "topics-data-loss": ("email", "d@example.com"),
    }
