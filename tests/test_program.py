"""The program as a whole: what every stack has, and that nothing is built twice or by halves."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given, settings
from syrupy.extensions.json import JSONSnapshotExtension

from config.capacity import declared as declared_functions
from config.loading import load
from config.stack import ROOT
from contract.functions import FUNCTIONS
from contract.routes import ROUTES
from graph.model import Graph
from graph.stores import holds_data
from tests.compare import endangered, label
from tests.config.strategies import CONTACTS, stacks
from tests.stacks import PROJECT, STACKS, built, declared, example

ARCHIVE = re.compile(r"build/([a-z_]+)-[0-9a-f]{16}\.zip$")
LAYERS = {"edge", "api", "data", "security", "operations"}


def functions(graph: Graph) -> dict[str, Any]:
    return {r.name: r.inputs for r in graph.by_type("aws:lambda/function:Function")}


def statements(graph: Graph) -> Iterator[tuple[str, dict[str, Any]]]:
    for role_policy in graph.by_type("aws:iam/rolePolicy:RolePolicy"):
        for statement in json.loads(role_policy.inputs["policy"])["Statement"]:
            yield role_policy.name, statement


@pytest.mark.parametrize("stack", STACKS)
def test_a_line_that_comes_after_its_log_group_was_deleted_makes_none_again(stack):
    """What writes may not make groups; API Gateway's role is the account's, for groups of all
    stacks, and gets no other: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html"""
    may = {
        name
        for name, statement in statements(built(stack))
        if statement["Effect"] == "Allow"
        and any(
            fnmatchcase("logs:CreateLogGroup", action)
            for action in (
                [statement["Action"]]
                if isinstance(statement["Action"], str)
                else statement["Action"]
            )
        )
    }

    assert may == {"api-logs"}


@pytest.mark.parametrize("stack", STACKS)
def test_what_a_change_adds_removes_or_alters_shows_in_the_stacks_snapshot(stack, snapshot):
    resources = {
        resource["urn"].split("::", 2)[2]: {
            "parent": (resource["parent"] or "").split("::", 2)[-1],
            "protect": resource["protect"],
            "inputs": without_digests(resource["inputs"]),
        }
        for resource in built(stack).to_json()["resources"]
    }

    assert resources == snapshot(extension_class=JSONSnapshotExtension)


def without_digests(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_digests(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_digests(item) for item in value]
    if isinstance(value, str):
        return ARCHIVE.sub(r"\1-<digest>.zip", value).replace(str(ROOT), "")
    return value


@pytest.mark.parametrize(
    ("stack", "most"), [("dev", 419), ("staging", 418), ("prod", 453), ("enterprise", 518)]
)
def test_a_stack_has_no_more_resources_than_its_budget(stack, most):
    """Raised by what adds some: the SDK's time grows faster than the count, and people's state
    services bill by resource."""
    assert len(built(stack).resources) <= most


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_belongs_to_a_layer_and_has_a_label_of_its_own(stack):
    graph = built(stack)
    outside = [resource.type for resource in graph.resources if graph.layer(resource) not in LAYERS]

    assert outside == ["pulumi:pulumi:Stack", "pulumi:providers:aws"]
    assert [k for k, n in Counter(label(r) for r in graph.resources).items() if n > 1] == []


@pytest.mark.parametrize("stack", STACKS)
def test_every_aws_resource_is_made_by_the_one_provider_and_carries_its_tags(stack):
    graph = built(stack)
    (provider,) = graph.by_type("pulumi:providers:aws")
    strangers = [
        label(resource)
        for resource in graph.resources
        if resource.type.startswith("aws:")
        and not (resource.provider or "").startswith(provider.urn)
    ]

    assert strangers == []
    assert json.loads(provider.inputs["defaultTags"])["tags"] == {
        "Project": PROJECT,
        "Stack": stack,
        "Environment": example(stack).load().environment,
        "Tier": example(stack).load().tier,
    }


@pytest.mark.slow
def test_a_stack_that_names_its_account_takes_no_other_accounts_credentials():
    """https://www.pulumi.com/registry/packages/aws/installation-configuration/"""
    values = {**example("dev").values, "account": {"id": "123456789012", "owner": True}}
    named = declared(values)
    providers = {
        stack.stack: stack.by_type("pulumi:providers:aws")[0].inputs.get("allowedAccountIds")
        for stack in (named, built("dev"))
    }

    assert providers == {"fifth": '["123456789012"]', "dev": None}


@pytest.mark.parametrize("stack", STACKS)
def test_the_exports_are_the_documented_ones(stack):
    assert sorted(built(stack).outputs) == [
        "api_url",
        "release",
        "site_bucket",
        "site_config",
        "site_function",
        "source_maps",
        "url",
        "user_pool_client_id",
        "user_pool_id",
        "websocket_url",
    ]


def test_a_name_in_somebody_elses_dns_exports_what_belongs_there():
    edge = {"domain": "app.example.com"}
    outputs = declared({"tier": "starter", "contacts": CONTACTS, "edge": edge}).outputs

    assert outputs["url"] == "https://app.example.com"
    assert [record["name"].partition(".")[2] for record in outputs["dns_records"]] == [
        "example.com",
        "app.example.com.",
    ]


@pytest.mark.parametrize("stack", STACKS)
def test_a_functions_environment_is_exactly_its_settings(stack):
    expected = {
        spec.name.replace("_", "-"): {setting.value for setting in spec.settings}
        for spec in declared_functions(example(stack).load())
    }
    found = {
        name: set(inputs["environment"]["variables"])
        for name, inputs in functions(built(stack)).items()
    }

    assert found == expected


@pytest.mark.parametrize("stack", STACKS)
def test_no_grant_names_every_resource_where_aws_allows_fewer(stack):
    everywhere = {
        action
        for _, statement in statements(built(stack))
        if "*" in statement["Resource"]
        for action in statement["Action"]
    }

    # The only ones here that AWS takes no resource for:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html
    assert everywhere <= {
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
        "logs:CreateLogDelivery",
        "logs:PutResourcePolicy",
        "tag:GetResources",
    }
    assert not any("*" in action for _, s in statements(built(stack)) for action in s["Action"])


@pytest.mark.parametrize("stack", STACKS)
def test_every_route_and_its_permission_lead_to_the_live_alias(stack):
    graph = built(stack)
    keys = {r.inputs["routeKey"] for r in graph.by_type("aws:apigatewayv2/route:Route")}

    assert {route.key for route in ROUTES} <= keys
    for permission in graph.by_type("aws:lambda/permission:Permission"):
        if permission.inputs["principal"] == "secretsmanager.amazonaws.com":
            continue
        assert permission.inputs["qualifier"] == "live"
        assert permission.inputs["sourceArn"].startswith(("arn:aws:execute-api:", "arn:aws:s3:"))


@pytest.mark.parametrize("stack", STACKS)
def test_the_functions_that_connect_are_those_in_the_network(stack):
    in_network = {name for name, inputs in functions(built(stack)).items() if "vpcConfig" in inputs}

    assert in_network == {
        spec.name.replace("_", "-") for spec in FUNCTIONS.values() if spec.connects
    }


@pytest.mark.parametrize("stack", STACKS)
def test_the_scaling_triggers_are_within_every_tiers_allowance(stack):
    alarms = {r.name for r in built(stack).by_type("aws:cloudwatch/metricAlarm:MetricAlarm")}

    assert {
        "database-cpu",
        "database-memory",
        "database-connections",
        "http-latency",
        "http-errors",
    } <= alarms


@pytest.mark.parametrize("stack", STACKS)
def test_a_first_preview_declares_the_same_and_knows_less(stack):
    known, unknown = built(stack), built(stack, unknown=True)

    assert [r.urn for r in unknown.resources] == [r.urn for r in known.resources]
    assert "[unknown]" in json.dumps(unknown.to_json())


@pytest.mark.parametrize("stack", STACKS)
def test_no_secret_is_shown(stack):
    graph = built(stack)
    secrets = [
        resource.outputs["result"]
        for resource in graph.by_type("random:index/randomPassword:RandomPassword")
    ]
    shown = json.dumps(graph.to_json())

    assert secrets
    assert not [secret for secret in secrets if secret in shown]


@pytest.mark.parametrize(
    ("stack", "protected"),
    [("dev", False), ("staging", False), ("prod", True), ("enterprise", True)],
)
def test_what_holds_data_is_protected_where_the_tier_says_so(stack, protected):
    assert {r.protect for r in built(stack).resources if holds_data(r)} == {protected}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lower", "upper"), [("starter", "growth"), ("growth", "pro"), ("pro", "enterprise")]
)
def test_changing_the_tier_neither_replaces_nor_deletes_a_data_store(lower, upper):
    common = {
        "contacts": example("dev").values["contacts"],
        "limits": {"simulations": 1, "storage_gb": 1, "users": 1},
        "budget": {"monthly_usd": 1},
    }
    small, large = (declared({"tier": tier, **common}) for tier in (lower, upper))

    assert endangered(small, large) == set()
    assert endangered(large, small) == set()


@given(stacks())
@settings(max_examples=2, deadline=None, derandomize=True)
def test_a_valid_stack_builds(values):
    assert_builds(values)


@pytest.mark.slow
@given(stacks())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_valid_stack_builds(values):
    assert_builds(values)


def assert_builds(values: dict[str, Any]) -> None:
    load(values, region="us-east-1", source="generated")
    graph = declared(values)

    assert graph.outputs["release"] == values.get("site", {}).get("release", "initial")


def test_only_what_changes_its_session_goes_past_the_proxy():
    ports = {
        name: of["environment"]["variables"]["DB_PORT"]
        for name, of in functions(built("enterprise")).items()
        if "DB_PORT" in of["environment"]["variables"]
    }

    assert {name for name, port in ports.items() if port == "5433"} == {"migrate", "maintenance"}
    assert {port for name, port in ports.items() if name not in ("migrate", "maintenance")} == {
        "5432"
    }
