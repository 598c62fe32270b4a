"""What GitHub's workflows are given, and what they cannot take."""

import json
from fnmatch import fnmatchcase
from functools import cache

import botocore.session
import pytest

from components.security.delivery import Delivery, DeliveryArgs
from components.security.deploy_access import Reach
from components.security.deploy_limits import MANAGED, PASSED_TO
from components.security.provider_calls import WRITES
from components.security.provider_reads import READS, TAGS
from components.security.roles import WITHIN
from config.sections import Delivery as DeliveryConfig
from config.stack import names
from graph.model import Graph
from tests.components.security.judge import ATTACHMENT, POLICY, ROLE, allows, attached
from tests.config.strategies import CONTACTS
from tests.declare import ACCOUNT, KEY, declare
from tests.stacks import built, declared

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
REGION = "eu-central-1"
HERE = {"aws__RequestedRegion": REGION}
STATE_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0b1c2d3e"

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"

PERMISSION_ONLY = {
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:UpdateLogDelivery",
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-service-specific.html
    "cloudfront:AllowVendedLogDeliveryForResource",
    # S3 names some permissions otherwise than its calls:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
    "s3:GetAccelerateConfiguration",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
    "s3:PutAccountPublicAccessBlock",
    "s3:PutBucketCORS",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
}
MODELS = {
    "access-analyzer": ("accessanalyzer",),
    "pricingplanmanager": ("pricing-plan-manager",),
    "s3": ("s3", "s3control"),
}


WHOLE = {
    "tier": "enterprise",
    "contacts": CONTACTS,
    "limits": {"simulations": 1, "storage_gb": 1, "users": 1},
    "budget": {"monthly_usd": 1},
    "database": {"replicas": 1},
    "backup": {"copy_region": "eu-west-1"},
    "edge": {"domain": "app.example.com", "zone_id": "Z0123456789ABC"},
    "account": {"owner": True},
    "delivery": {
        "repository": "acme/platform",
        "state_bucket": "acme-state",
        "state_key": STATE_KEY,
    },
}


def stack() -> Graph:
    """As much of the platform as one stack can have."""
    return declared(WHOLE, region=REGION)


def delivery(*, owner: bool = True, **config: object) -> Graph:
    reach = Reach(
        account_id=ACCOUNT,
        region=REGION,
        boundary_arn="arn:aws:iam::123456789012:policy/boundary",
        key_arns=[KEY],
        called_arns=[],
        site_bucket="site",
        audit_arns=[],
    )
    args = DeliveryArgs(
        config=DeliveryConfig.model_validate({"repository": "acme/platform", **config}),
        owner=owner,
        reach=reach,
        data_buckets=["data"],
    )
    return declare(lambda: Delivery("delivery", args))


def trust(graph: Graph, role: str) -> dict[str, object]:
    [statement] = json.loads(graph.resource(role, ROLE).inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Federated": GITHUB}
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    return {
        key.removeprefix("token.actions.githubusercontent.com:"): value
        for key, value in statement["Condition"]["StringEquals"].items()
    }


@pytest.mark.parametrize(
    ("said", "subject", "ref"),
    [
        ({}, "repo:acme/platform:ref:refs/heads/main", "refs/heads/main"),
        (
            {"repository": "acme@12/platform@345", "branch": "live"},
            "repo:acme@12/platform@345:ref:refs/heads/live",
            "refs/heads/live",
        ),
        (
            {"environment": "production"},
            "repo:acme/platform:environment:production",
            "refs/heads/main",
        ),
    ],
)
def test_a_deploy_comes_from_one_branch_of_one_repository(said, subject, ref):
    claims = trust(delivery(**said), "delivery-deploy")

    assert claims == {"aud": "sts.amazonaws.com", "sub": subject, "ref": ref}


def test_a_pull_request_is_given_the_other_role():
    claims = trust(delivery(environment="production"), "delivery-preview")

    assert claims == {"aud": "sts.amazonaws.com", "sub": "repo:acme/platform:pull_request"}


@pytest.mark.parametrize(
    ("owner", "own", "declares"), [(True, True, 1), (True, False, 0), (False, True, 0)]
)
def test_the_accounts_owner_alone_declares_the_identity_provider(owner, own, declares):
    providers = delivery(owner=owner, own_provider=own).by_type(PROVIDER)

    assert len(providers) == declares
    assert [p.inputs for p in providers] == declares * [
        {
            "url": "https://token.actions.githubusercontent.com",
            "clientIdLists": ["sts.amazonaws.com"],
        }
    ]


@pytest.mark.parametrize("name", names())
def test_a_stack_that_names_no_repository_lets_no_workflow_in(name):
    graph = built(name)

    assert not graph.by_type(POLICY)
    assert not graph.by_type(PROVIDER)
    assert {r.inputs["path"] for r in graph.by_type(ROLE)} == {f"/ma-platform/{name}/"}


def test_policies_are_of_a_size_iam_takes():
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    graph = stack()
    sizes = {r.name: len("".join(r.inputs["policy"].split())) for r in graph.by_type(POLICY)}

    assert sizes
    assert {name: size for name, size in sizes.items() if size > 6144} == {}
    assert len(attached(graph, "delivery-deploy")) <= 10


def kinds(graph: Graph) -> set[str]:
    return {
        resource.type.split(":")[1]
        for resource in graph.resources
        if resource.type.startswith("aws:")
    }


def test_every_kind_of_resource_can_be_deployed_and_no_other():
    declared_kinds = kinds(stack()).union(*(kinds(built(name)) for name in names()))

    assert declared_kinds - set(WRITES) == set(), "say in provider_calls.py what it takes"
    assert set(WRITES) - declared_kinds == set(), "nothing is of this kind any more"


def test_what_is_written_is_read_and_tagged_where_the_service_tags():
    written = {service for calls in WRITES.values() for service in calls}

    assert written <= set(READS)
    assert set(TAGS) <= written
    # API Gateway's tags are paths, as all else; a subscription to a price has none.
    assert written - set(TAGS) == {"apigateway", "pricingplanmanager"}


@cache
def operations(service: str) -> frozenset[str]:
    session = botocore.session.get_session()
    models = MODELS.get(service, (service,))
    return frozenset(n for m in models for n in session.get_service_model(m).operation_names)


def patterns() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rows in (READS, TAGS, *WRITES.values()):
        for service, row in rows.items():
            found.setdefault(service, set()).update(row.split())
    return found


@pytest.mark.parametrize("service", sorted(set(READS) - {"apigateway"}))
def test_every_action_is_one_that_the_service_has(service):
    unknown = {
        f"{service}:{pattern}"
        for pattern in patterns()[service]
        if not any(fnmatchcase(operation, pattern) for operation in operations(service))
    }

    assert unknown - PERMISSION_ONLY == set()


@pytest.mark.parametrize("service", sorted(set(READS) - {"apigateway"}))
def test_reading_settings_changes_nothing_and_shows_no_contents(service):
    reads = {
        operation
        for operation in operations(service)
        if any(fnmatchcase(operation, pattern) for pattern in READS[service].split())
    }
    contents = {
        "GetItem",
        "GetLogEvents",
        "GetMetricData",
        "GetObject",
        "GetRecords",
        "GetSecretValue",
        "ListUsers",
        "ReceiveMessage",
    }

    assert {n for n in reads if not n.startswith(("Describe", "Get", "List"))} == set()
    assert reads & contents == set()


def test_a_pull_request_looks_and_cannot_open():
    graph = stack()
    preview = attached(graph, "delivery-preview")
    [data, secret] = (
        graph.resource(name, token).outputs["arn"]
        for name, token in (
            ("data", "aws:s3/bucket:Bucket"),
            ("secrets-jwt-secret", "aws:secretsmanager/secret:Secret"),
        )
    )

    assert allows(preview, "rds:DescribeDBInstances", "*", **HERE)
    assert allows(
        preview, "s3:GetObject", "arn:aws:s3:::acme-state/.pulumi/stacks/ma-platform/fifth.json"
    )
    assert not allows(
        preview, "s3:GetObject", "arn:aws:s3:::acme-state/.pulumi/stacks/ma-platform/prod.json"
    )
    assert not allows(
        preview, "s3:PutObject", "arn:aws:s3:::acme-state/.pulumi/stacks/ma-platform/fifth.json"
    )
    # Also when something else comes to allow it.
    generous = {
        **preview,
        "all": [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}],
    }
    assert not allows(generous, "kms:Decrypt", STATE_KEY)
    assert not allows(generous, "secretsmanager:GetSecretValue", secret)
    assert not allows(generous, "ssm:GetParametersByPath", "*")
    assert not allows(generous, "s3:GetObject", f"{data}/objects/one")
    assert not allows(generous, "s3:GetObjectVersion", f"{data}/objects/one")


def test_a_deploy_keeps_the_state_and_opens_what_is_the_stacks():
    graph = stack()
    deploy = attached(graph, "delivery-deploy")
    key = graph.resource("key", "aws:kms/key:Key").outputs["arn"]
    bootstrap = graph.resource("bootstrap", "aws:lambda/function:Function").outputs["arn"]

    state = "arn:aws:s3:::acme-state/.pulumi/locks/organization/ma-platform/fifth/1.json"
    assert allows(deploy, "s3:PutObject", state)
    assert allows(deploy, "kms:Decrypt", STATE_KEY)
    assert allows(deploy, "kms:Encrypt", key, kms__ViaService=f"lambda.{REGION}.amazonaws.com")
    assert not allows(deploy, "kms:Decrypt", key)
    secret = graph.resource("secrets-jwt-secret", "aws:secretsmanager/secret:Secret")
    assert not allows(deploy, "secretsmanager:GetSecretValue", secret.outputs["arn"], **HERE)
    assert allows(deploy, "lambda:InvokeFunction", f"{bootstrap}:live")
    assert not allows(deploy, "lambda:InvokeFunction", bootstrap.replace("bootstrap", "migrate"))


OWN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ma-platform/fifth/simcore-1234567"
DEPLOY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ma-platform-delivery/fifth/ma-platform-fifth-deploy"


def test_a_deploy_makes_no_role_that_may_more_than_the_boundary():
    graph = stack()
    deploy = attached(graph, "delivery-deploy")
    bound = graph.resource("boundary", POLICY).outputs["arn"]

    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"):
        assert allows(deploy, action, OWN_ROLE, iam__PermissionsBoundary=bound)
        assert not allows(deploy, action, OWN_ROLE)
        assert not allows(deploy, action, OWN_ROLE, iam__PermissionsBoundary=bound + "2")
    assert not allows(
        deploy, "iam:DeleteRolePermissionsBoundary", OWN_ROLE, iam__PermissionsBoundary=bound
    )
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    for policy, expected in ((MANAGED[0], True), (administrator, False)):
        context = {"iam__PermissionsBoundary": bound, "iam__PolicyARN": policy}
        assert allows(deploy, "iam:AttachRolePolicy", OWN_ROLE, **context) is expected


def test_a_deploy_passes_the_stacks_roles_to_the_services_that_take_them_and_no_other():
    deploy = attached(stack(), "delivery-deploy")
    elsewhere = OWN_ROLE.replace("/fifth/", "/prod/")

    def passes(role: str, service: str) -> bool:
        return allows(deploy, "iam:PassRole", role, iam__PassedToService=service)

    assert passes(OWN_ROLE, "lambda.amazonaws.com")
    assert not passes(OWN_ROLE, "ec2.amazonaws.com")
    assert not passes(elsewhere, "lambda.amazonaws.com")
    assert not passes(DEPLOY_ROLE, "lambda.amazonaws.com")


@pytest.mark.parametrize(
    "action",
    [
        "iam:AttachRolePolicy",
        "iam:CreatePolicyVersion",
        "iam:PutRolePolicy",
        "iam:SetDefaultPolicyVersion",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateOpenIDConnectProviderThumbprint",
    ],
)
def test_a_deploy_does_not_change_who_deploys_even_if_allowed(action):
    deploy = attached(stack(), "delivery-deploy")
    generous = {**deploy, "all": [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]}
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/ma-platform-delivery/fifth/boundary-1234567"

    for resource in (DEPLOY_ROLE, boundary, GITHUB):
        assert not allows(generous, action, resource)


def test_a_deploy_leaves_the_trail_the_audit_archive_and_other_stacks_alone():
    graph = stack()
    deploy = attached(graph, "delivery-deploy")
    archive = graph.resource("audit", "aws:s3/bucket:Bucket").outputs["arn"]
    trail = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/ma-platform-fifth"
    generous = {**deploy, "all": [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]}

    for action in ("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"):
        assert not allows(generous, f"cloudtrail:{action}", trail, **HERE)
    for action in ("DeleteBucket", "PutBucketPolicy", "PutLifecycleConfiguration"):
        assert not allows(generous, f"s3:{action}", archive, **HERE)
    assert not allows(generous, "s3:BypassGovernanceRetention", f"{archive}/audit/1")
    table = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/tables-limits-1234567"
    for tag, expected in (("fifth", True), ("prod", False)):
        tagged = {**HERE, "aws__ResourceTag/Stack": tag}
        assert allows(deploy, "dynamodb:DeleteTable", table, **tagged) is expected
    assert not allows(deploy, "dynamodb:DeleteTable", table, aws__RequestedRegion="eu-west-3")


def test_every_role_is_below_the_stacks_path_and_within_its_boundary():
    graph = stack()
    bound = graph.resource("boundary", POLICY).outputs["arn"]
    roles = {r.name: r.inputs for r in graph.by_type(ROLE)}
    delivery = {"delivery-deploy", "delivery-preview"}

    assert {
        (inputs["path"], inputs["permissionsBoundary"])
        for name, inputs in roles.items()
        if name not in delivery
    } == {("/ma-platform/fifth/", bound)}
    for name in delivery:
        assert roles[name]["path"] == "/ma-platform-delivery/fifth/"
        assert "permissionsBoundary" not in roles[name]


def granted(graph: Graph) -> set[str]:
    return {
        action
        for policy in graph.by_type(ROLE_POLICY)
        for statement in json.loads(policy.inputs["policy"])["Statement"]
        for action in statement["Action"]
    }


def test_the_boundary_is_just_as_wide_as_the_grants():
    within = {f"{service}:{action}" for service, row in WITHIN.items() for action in row.split()}
    grants = granted(stack()).union(*(granted(built(name)) for name in names()))

    assert grants - within == set(), "add it to WITHIN: the boundary would make it nothing"
    # Of AmazonRDSEnhancedMonitoringRole, whose other actions are granted too.
    assert within - grants == {"logs:PutRetentionPolicy"}


def test_services_that_take_a_role_are_those_it_may_be_passed_to():
    graphs = [stack(), *(built(name) for name in names())]
    trusted = {
        statement["Principal"]["Service"]
        for graph in graphs
        for role in graph.by_type(ROLE)
        for statement in json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        if "Service" in statement["Principal"]
    }
    managed = {
        attachment.inputs["policyArn"]
        for graph in graphs
        for attachment in graph.by_type(ATTACHMENT)
        if attachment.inputs["policyArn"].startswith("arn:aws:iam::aws:")
    }

    # A trail is a person's to declare, and a test of restores is given a role as another service
    # than the one that takes it.
    other = {"restore-testing.backup.amazonaws.com"}
    assert (trusted - {"cloudtrail.amazonaws.com"}) | other == set(PASSED_TO)
    assert managed == set(MANAGED)
