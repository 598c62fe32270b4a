"""IAM documents as data."""

import json

import pytest

from graph.model import UNKNOWN
from policies.documents import Statement, statements

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}


def one(**changes):
    (statement,) = statements(json.dumps({"Statement": {**ALLOW, **changes}}))
    return statement


def test_a_statement_has_lists_where_json_allows_a_single_item():
    assert one(
        Sid="Read", Principal={"Service": "a.amazonaws.com", "AWS": ["1", "2"]}
    ) == Statement(
        sid="Read",
        allows=True,
        actions=["s3:GetObject"],
        resources=["arn:aws:s3:::a/*"],
        principals={"Service": ["a.amazonaws.com"], "AWS": ["1", "2"]},
        conditions={},
    )


def test_anybody_is_told_from_a_kind_of_anybody():
    assert one(Principal="*").principals == {"*": ["*"]}
    assert one(Principal={"AWS": "*"}).principals == {"AWS": ["*"]}
    assert one(Principal={"AWS": ["1", "*"], "Service": "b"}).who == ["1", "*", "b"]


def test_what_allows_all_but_a_few_allows_all():
    statement = one(NotAction="iam:*", NotResource="arn:aws:s3:::a", NotPrincipal={"AWS": "1"})

    assert (statement.actions, statement.resources) == (["*"], ["*"])
    assert statement.principals == {"*": ["*"]}


def test_what_denies_all_but_a_few_is_held_to_deny_nothing():
    statement = one(Effect="Deny", NotAction="iam:*", NotPrincipal={"AWS": "1"})

    assert (statement.allows, statement.actions, statement.who) == (False, [], [])


def test_conditions_are_found_whatever_their_operator_and_case():
    statement = one(
        Condition={
            "StringEquals": {"aws:SourceAccount": "1"},
            "ArnLike": {"AWS:sourcearn": ["a", "b"]},
        }
    )

    assert statement.condition("aws:SourceArn") == ["a", "b"]
    assert statement.condition("aws:sourceaccount", "aws:SourceArn") == ["1", "a", "b"]
    assert statement.condition("aws:PrincipalArn") == []


@pytest.mark.parametrize(
    ("operator", "value", "limit"),
    [
        ("StringEquals", "1", ["1"]),
        ("StringEquals", ["1", "2"], ["1", "2"]),
        ("ArnLike", "arn:aws:s3:::*", ["arn:aws:s3:::*"]),
        ("StringLike", "*", []),
        ("StringNotEquals", "1", []),
        ("ArnNotLike", "1", []),
        ("StringEqualsIfExists", "1", []),
    ],
)
def test_a_condition_limits_only_if_a_request_must_meet_it(operator, value, limit):
    statement = one(Condition={operator: {"aws:SourceAccount": value}})

    assert statement.limit("aws:SourceAccount") == limit


@pytest.mark.parametrize(
    "document", ["no json", "[]", '"text"', "{}", '{"Statement": []}', '{"Statement": ["a"]}', None]
)
def test_what_is_no_document_says_nothing(document):
    assert statements(document) == []


def test_a_document_that_is_data_already_is_read_too():
    assert statements({"Statement": [ALLOW]}) == statements(json.dumps({"Statement": [ALLOW]}))


def test_an_unknown_document_is_unknown():
    assert statements(UNKNOWN) is UNKNOWN
