"""A request is let through by its own action, on its own resource, asked as the condition says."""

from dataclasses import replace

import pytest

from tests.functions.grants.iam import Request, allows, permissions, requests

KEY = "arn:aws:kms:us-east-1:123456789012:key/one"
ASKED = Request(action="s3:GetObject", resource="arn:aws:s3:::data/objects/1")
OF_KEY = Request(action="kms:Decrypt", resource=KEY, via="s3.us-east-1.amazonaws.com")


def lets_through(request, action, resource, **condition):
    statement = {"Action": [action], "Resource": [resource], "Condition": condition}
    return any(allows(statement, permission, request) for permission in permissions(statement))


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("s3:GetObject", "arn:aws:s3:::data/objects/*", True),
        ("s3:GetObject", "arn:aws:s3:::data/backups/*", False),
        ("s3:GetObject", "arn:aws:s3:::data", False),
        ("s3:PutObject", "arn:aws:s3:::data/objects/*", False),
    ],
)
def test_action_and_resource_are_both_the_requests(action, resource, allowed):
    assert lets_through(ASKED, action, resource) is allowed


@pytest.mark.parametrize(("service", "allowed"), [("s3", True), ("dynamodb", False)])
def test_a_key_is_used_through_the_service_that_is_named(service, allowed):
    through = {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}

    assert lets_through(OF_KEY, "kms:Decrypt", KEY, StringEquals=through) is allowed
    assert not lets_through(replace(OF_KEY, via=""), "kms:Decrypt", KEY, StringEquals=through)


def test_what_is_lambdas_own_is_not_the_codes():
    own = {"lambda:SourceFunctionArn": "true"}

    assert not lets_through(ASKED, ASKED.action, ASKED.resource, Null=own)


def test_a_condition_nobody_has_read_is_an_error_and_no_yes():
    with pytest.raises(KeyError, match="IpAddress"):
        lets_through(ASKED, ASKED.action, ASKED.resource, IpAddress={"aws:SourceIp": "10.0.0.0/8"})


def test_a_query_of_an_index_is_on_the_index_and_has_the_table_unsealed():
    named = {"TableName": "connections", "IndexName": "topic"}

    assert list(requests("dynamodb", "Query", named, stage="", key=KEY)) == [
        Request(
            action="dynamodb:Query",
            resource="arn:aws:dynamodb:us-east-1:123456789012:table/connections/index/topic",
        ),
        replace(OF_KEY, via="dynamodb.us-east-1.amazonaws.com"),
    ]


def test_a_service_that_was_never_asked_says_where_it_is_to_be_written_down():
    with pytest.raises(LookupError, match=r"^sns: say in tests\.functions\.grants\.iam which"):
        list(requests("sns", "Publish", {"TopicArn": "x"}, stage="", key=KEY))
