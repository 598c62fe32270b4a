"""What is no widening: what stays, what narrows, what is said otherwise or drawn anew."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from graph.access.widened import widened
from graph.model import UNKNOWN, Graph
from graph.saved import read
from tests.graph.access.cases import (
    ACCOUNT,
    OTHER,
    Kind,
    in_statement,
    renamed,
    statement,
    without_statement,
)
from tests.policies.cases import changed, document, found, without
from tests.stacks import built

STACKS = ("dev", "staging", "prod", "enterprise")
DATA = "s3.BucketPolicy data"
SITE = "s3.BucketPolicy site"
GIVEN = "iam.RolePolicy worker"
LIMITS = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/tables-limits-eb556b1"
OBJECTS = "arn:aws:s3:::data-ce23632/*"


def messages(before: Graph, after: Graph) -> list[str]:
    return [each.message for each in widened(before, after)]


@pytest.mark.parametrize("stack", STACKS)
def test_the_same_program_widens_nothing_whatever_is_known_of_it(stack):
    known, unknown = built(stack), built(stack, unknown=True)

    assert messages(known, known) == []
    assert messages(unknown, unknown) == []
    assert messages(known, unknown) == []
    assert messages(unknown, known) == []


def drawn(known: re.Match[str]) -> str:
    digits = str.maketrans("0123456789abcdef", "fedcba9876543210")
    return OTHER if known[0] == ACCOUNT else known[0].translate(digits)


def drawn_anew(graph: Graph) -> Graph:
    """As deployed elsewhere: another account, and no name or id that is the same."""

    def other(value):
        if isinstance(value, dict):
            return {key: other(item) for key, item in value.items()}
        if isinstance(value, list):
            return [other(item) for item in value]
        if isinstance(value, str):
            return re.sub(r"(?<![0-9a-z])[0-9a-f]{6,}(?![0-9a-z])", drawn, value)
        return value

    return Graph(
        graph.project,
        graph.stack,
        tuple(
            replace(r, inputs=other(r.inputs), outputs=other(r.outputs), id=other(r.id))
            for r in graph.resources
        ),
    )


@pytest.mark.parametrize("stack", STACKS)
def test_what_aws_draws_for_the_same_program_is_no_difference(stack):
    assert messages(drawn_anew(built(stack)), built(stack)) == []
    assert messages(built(stack), drawn_anew(built(stack))) == []


NARROWED = [
    in_statement(SITE, "Read", Resource=["arn:aws:s3:::site-caf9668/assets/*"]),
    in_statement(GIVEN, "Traces", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
    without_statement(GIVEN, "Traces"),
    in_statement(GIVEN, "Traces", Action=["xray:PutTraceSegments"]),
    statement(DATA, Effect="Deny", Principal="*", Action="s3:*", Resource=OBJECTS),
    statement(GIVEN, Action="dynamodb:GetItem", Resource=LIMITS),
    in_statement(DATA, "TlsOnly", Principal={"AWS": "*"}),
    document(DATA, "policy", lambda data: data["Statement"].reverse()),
    changed("vpc.SecurityGroupIngressRule database-from-functions-in", "description", "x"),
    changed("apigatewayv2.Api http", "corsConfiguration.allowMethods", ["GET"]),
    without("apigatewayv2.Route http-create-worker-token"),
    without("lambda.Permission worker-http"),
]


@pytest.mark.parametrize("edit", NARROWED)
def test_what_narrows_or_says_the_same_widens_nothing(edit):
    assert messages(built("prod"), edit(built("prod"))) == []


def test_an_action_that_a_wildcard_covered_is_nothing_new():
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html"""
    wide = statement(GIVEN, Action="s3:Get*", Resource="arn:aws:s3:::data-*")
    narrow = statement(GIVEN, Action="s3:GetObject", Resource=OBJECTS)
    before = wide(built("prod"))

    assert messages(before, narrow(built("prod"))) == []
    assert messages(narrow(built("prod")), before) == [
        "now also: iam.Role worker may s3:Get* on arn:aws:s3:::data-* through iam.RolePolicy worker"
    ]


def test_the_same_operator_with_fewer_values_is_stricter_and_with_more_wider():
    one = {"StringEquals": {"aws:PrincipalArn": ["a"]}}
    two = {"StringEquals": {"aws:PrincipalArn": ["a", "b"]}}
    narrow, wide = (
        in_statement(GIVEN, "Traces", Condition=each)(built("prod")) for each in (one, two)
    )

    assert messages(wide, narrow) == []
    assert messages(narrow, wide) == [
        "now also: iam.Role worker may xray:PutTraceSegments, xray:PutTelemetryRecords on * "
        "through iam.RolePolicy worker where aws:PrincipalArn is a, b"
    ]


@pytest.mark.parametrize("label", ["iam.Role worker", "ec2.SecurityGroup database", "kms.Key key"])
def test_what_is_renamed_by_an_alias_is_the_same(label):
    graph = built("prod")

    assert messages(graph, renamed(label, "another", alias=True)(graph)) == []


def test_a_new_function_with_its_role_and_queue_is_an_everyday_change():
    """A role that is new has nobody to widen, and its service runs for this account alone."""
    graph = built("prod")
    labels = [
        r.label
        for r in graph.resources
        if r.custom and r.name == "fanout" and r.type != "aws:lambda/permission:Permission"
    ]

    assert "iam.Role fanout" in labels
    assert messages(without(*labels)(graph), graph) == []


def test_what_is_deleted_with_its_policy_lets_nobody_do_more():
    graph = built("prod")
    labels = [r.label for r in graph.resources if r.custom and r.name == "data"]

    assert "s3.BucketPublicAccessBlock data" in labels
    assert messages(graph, without(*labels)(graph)) == []


def test_what_stays_in_aws_still_keeps_people_out():
    graph = built("prod")
    label = "s3.BucketPublicAccessBlock data"
    kept = replace(found(graph, label), retain_on_delete=True)
    before = Graph(
        graph.project,
        graph.stack,
        tuple(kept if r.label == label else r for r in graph.resources),
    )

    assert messages(before, without(label)(before)) == []


def test_a_policy_that_only_a_deployment_knows_is_said_to_be_so():
    """From the same resources it may be the same, from others nobody knows."""
    graph = built("prod")
    unknown = changed(DATA, "policy", UNKNOWN)(graph)
    old = found(unknown, DATA)
    other = replace(
        old,
        property_dependencies={**old.property_dependencies, "policy": (graph.resources[0].urn,)},
    )
    moved = Graph(
        graph.project,
        graph.stack,
        tuple(other if r.label == DATA else r for r in unknown.resources),
    )

    assert messages(graph, unknown) == []
    (told,) = widened(without(DATA)(graph), moved)
    assert (told.who.kind, told.decide) == (Kind.UNKNOWN, True)
    assert told.message.startswith(
        "could not be told whom it lets do what: its policy is known later"
    )


RECORDED = {
    "now also: apigateway.amazonaws.com for apigatewayv2.Api http/*/* may lambda:InvokeFunction "
    "on lambda.Function health:live through lambda.Permission health-http": False,
    "now also: s3.amazonaws.com for s3.Bucket data, this account may lambda:InvokeFunction on "
    "lambda.Function restored:live through lambda.Permission restored-restores": False,
    "now also: secretsmanager.amazonaws.com for arn:aws:secretsmanager:us-east-1:<account>:secret:"
    "*, this account may lambda:InvokeFunction on lambda.Function rotation through "
    "lambda.Permission rotation": False,
    "now also: iam.Role jobs may sqs:SendMessage on sqs.Queue failures-data-loss, sqs.Queue "
    "failures-outage through iam.RolePolicy jobs": False,
    "now also: iam.Role backups-tests may rds:RestoreDBInstanceFromDBSnapshot on rds.SubnetGroup "
    "database through iam.RolePolicy backups-tests": True,
    "now also: anyone may call OPTIONS /{proxy+} on apigatewayv2.Api http through "
    "apigatewayv2.Route http-preflight": True,
}
"""Beyond what an earlier release let whom do: a permission for a route became one for the whole
API, one for a secret one for the account's, restores go to the database's own subnets, and
preflights have a route."""


def test_what_an_earlier_release_of_this_program_did_not_let_anybody_do():
    record = read(Path(__file__).parents[2] / "records" / "prod.json.gz")
    told = {each.message: each.decide for each in widened(record, built("prod"))}

    assert {message: told.get(message) for message in RECORDED} == RECORDED
    assert len(told) == 12
    assert {message for message, decide in told.items() if decide} == {
        message for message, decide in RECORDED.items() if decide
    }
