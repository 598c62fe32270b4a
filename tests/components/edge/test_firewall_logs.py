"""What the firewall logs, where, and what stays out of it."""

import json

import pytest

from tests.components.edge.programs import EDGE_KEY, firewall

LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
ARN = "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-ma-platform-test"


@pytest.mark.parametrize(
    ("plan", "own", "logged"),
    [
        ("free", None, False),
        ("pro", None, True),
        ("business", None, True),
        ("pro", False, False),
        ("payg", None, False),
        ("payg", True, True),
    ],
)
def test_the_plans_that_pay_for_logs_have_them_and_payg_if_it_likes(plan, own, logged):
    graph = firewall(plan, enabled=True, logs=own)

    assert bool(graph.by_type(LOGGING)) is logged
    assert bool(graph.by_type(GROUP)) is logged


def test_they_are_kept_in_cloudfronts_region_under_its_key():
    [group] = firewall().by_type(GROUP)

    assert group.inputs == {
        "name": "aws-waf-logs-ma-platform-test",
        "region": "us-east-1",
        "retentionInDays": 365,
        "kmsKeyId": EDGE_KEY,
    }


def test_what_was_blocked_or_counted_is_kept_without_credentials():
    graph = firewall()
    [logging] = graph.by_type(LOGGING)
    [acl] = graph.by_type("aws:wafv2/webAcl:WebAcl")

    assert logging.inputs == {
        "region": "us-east-1",
        "resourceArn": acl.outputs["arn"],
        "logDestinationConfigs": [ARN],
        "redactedFields": [
            {"singleHeader": {"name": "authorization"}},
            {"singleHeader": {"name": "cookie"}},
        ],
        "loggingFilter": {
            "defaultBehavior": "DROP",
            "filters": [
                {
                    "behavior": "KEEP",
                    "requirement": "MEETS_ANY",
                    "conditions": [
                        {"actionCondition": {"action": action}}
                        for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT", "CHALLENGE")
                    ],
                }
            ],
        },
    }


def test_only_this_accounts_deliveries_may_write_and_may_before_logging_starts():
    graph = firewall()
    [policy], [logging] = graph.by_type(POLICY), graph.by_type(LOGGING)
    [statement] = json.loads(policy.inputs["policyDocument"])["Statement"]

    assert (policy.inputs["region"], policy.inputs["resourceArn"]) == ("us-east-1", ARN)
    assert "policyName" not in policy.inputs
    assert statement == {
        "Sid": "DeliverFirewall",
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": [f"{ARN}:log-stream:*"],
        "Condition": {
            "StringEquals": {"aws:SourceAccount": "123456789012"},
            "ArnLike": {"aws:SourceArn": "arn:aws:logs:us-east-1:123456789012:*"},
        },
    }
    assert policy.urn in logging.dependencies
