"""How audit lines get from the functions' logs to the archive."""

import json
import re
from datetime import UTC, datetime

import pytest

from components.security.audit_delivery import AuditDelivery, AuditDeliveryArgs
from config.stack import ROOT
from contract.function import Function
from contract.functions import FUNCTIONS
from functions.platform_runtime.events.audit import FIRST, Entry, _Written
from tests.components.api.programs import functions, only
from tests.components.security.programs import archive
from tests.declare import ACCOUNT, KEY, REGION, context, declare, inputs

STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
FILTER = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"


@pytest.fixture(scope="module")
def stated():
    return []


@pytest.fixture(scope="module")
def graph(stated):
    def program():
        delivery = AuditDelivery(
            "audit-delivery",
            AuditDeliveryArgs(
                context=context(),
                archive=archive(),
                functions=functions("workspaces", "simcore"),
            ),
        )
        stated.extend(delivery.alarms)

    return declare(program)


def document(graph, token, name, key):
    return json.loads(inputs(graph, token)[name][key])["Statement"]


def test_each_function_that_audits_has_its_lines_picked_from_its_own_log(graph):
    groups = inputs(graph, "aws:cloudwatch/logGroup:LogGroup")
    (stream,) = graph.by_type(STREAM)

    found = inputs(graph, FILTER)
    assert {name: f["logGroup"] for name, f in found.items()} == {
        f"audit-delivery-{name}": graph_name(graph, name) for name in ("workspaces", "simcore")
    }
    assert {f["destinationArn"] for f in found.values()} == {stream.outputs["arn"]}
    assert {f["filterPattern"] for f in found.values()} == {'{ $.message = "[AUDIT]" }'}
    assert {"workspaces", "simcore"} <= groups.keys()


def graph_name(graph, name):
    (group,) = (r for r in graph.by_type("aws:cloudwatch/logGroup:LogGroup") if r.name == name)
    return group.outputs["name"]


def test_the_pattern_is_of_what_the_functions_print(graph):
    entry = Entry(
        occurred_at=datetime.now(UTC),
        action="simulation.create",
        user_id=None,
        resource="x",
        details={},
        ip=None,
        environment="staging",
    )
    line = json.loads(_Written(entry, FIRST).line())
    (pattern,) = {f["filterPattern"] for f in inputs(graph, FILTER).values()}

    selector, value = re.fullmatch(r"\{ \$\.(\w+) = (\"[^\"]+\") \}", pattern).groups()
    assert line[selector] == json.loads(value)


def writes_audit_lines(function: Function) -> bool:
    """Whether its code makes an Audit, which is what prints them."""
    folders = (f"functions/{function.name}", *function.shares)
    files = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return any(re.search(r"\bAudit\(", path.read_text(encoding="utf-8")) for path in files)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_functions_that_audit_are_those_whose_code_does(name):
    assert FUNCTIONS[name].audits == writes_audit_lines(FUNCTIONS[name])


def test_lines_are_unpacked_and_stored_a_folder_a_day_under_our_key(graph):
    stream = only(graph, STREAM)
    stored = stream["extendedS3Configuration"]
    processing = stored["processingConfiguration"]

    assert stream["serverSideEncryption"] == {
        "enabled": True,
        "keyType": "CUSTOMER_MANAGED_CMK",
        "keyArn": KEY,
    }
    assert stored["prefix"] == "lines/!{timestamp:yyyy/MM/dd}/"
    assert stored["errorOutputPrefix"] == (
        "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/"
    )
    assert (stored["compressionFormat"], stored["kmsKeyArn"]) == ("GZIP", KEY)
    assert [p["type"] for p in processing["processors"]] == [
        "Decompression",
        "CloudWatchLogProcessing",
        "AppendDelimiterToRecord",
    ]
    assert stored["cloudwatchLoggingOptions"]["enabled"] is True


def test_firehose_writes_lines_and_failures_and_nothing_else(graph):
    (trust,) = document(graph, ROLE, "audit-delivery-firehose", "assumeRolePolicy")
    bucket, lines, key, errors = document(graph, POLICY, "audit-delivery-firehose", "policy")

    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": ACCOUNT}}
    (arn,) = bucket["Resource"]
    assert lines["Resource"] == [f"{arn}/lines/*", f"{arn}/failed/*"]
    assert lines["Action"] == ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}}
    assert errors["Action"] == ["logs:PutLogEvents"]
    group = graph_name(graph, "audit-delivery")
    assert errors["Resource"] == [
        f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:log-stream:delivery"
    ]


def test_only_this_accounts_logs_put_to_the_stream(graph):
    name = "audit-delivery-subscription"
    (trust,) = document(graph, ROLE, name, "assumeRolePolicy")
    (put,) = document(graph, POLICY, name, "policy")
    (stream,) = graph.by_type(STREAM)
    (policy,) = (r for r in graph.by_type(POLICY) if r.name == name)

    assert trust["Condition"] == {
        "StringLike": {"aws:SourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:*"}
    }
    assert put["Action"] == ["firehose:PutRecord", "firehose:PutRecordBatch"]
    assert put["Resource"] == [stream.outputs["arn"]]
    assert all(policy.urn in f.dependencies for f in graph.by_type(FILTER))


@pytest.mark.usefixtures("graph")
def test_lines_that_are_late_are_a_security_incident(stated):
    (alarm,) = stated

    assert (alarm.name, alarm.issue, alarm.threshold) == ("audit-delivery", "security", 900)
    assert alarm.metrics["m"].name == "DeliveryToS3.DataFreshness"
