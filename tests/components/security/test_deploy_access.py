"""What a deploy may, and what it and a pull request cannot take."""

import pytest

from components.security.deploy_limits import MANAGED
from tests.components.security.judge import POLICY, allows, attached
from tests.components.security.whole import (
    DEPLOY_ROLE,
    GITHUB,
    HERE,
    OWN_ROLE,
    REGION,
    STATE_KEY,
    stack,
)
from tests.declare import ACCOUNT


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
    # Whose keys are in data and audit, and who called, is nobody's in a pull request.
    for name in ("data", "audit", "logs"):
        bucket = graph.resource(name, "aws:s3/bucket:Bucket").outputs["arn"]
        assert not allows(preview, "s3:ListBucket", bucket, **HERE)
        assert not allows(preview, "s3:ListBucketVersions", bucket, **HERE)
        assert allows(preview, "s3:GetBucketPolicy", bucket, **HERE)
    assert allows(preview, "s3:ListBucket", "arn:aws:s3:::acme-state")
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


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginCustomHeader.html
        ("cloudfront:GetDistribution", "*"),
        ("cloudfront:GetDistributionConfig", "*"),
        # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionSummary.html
        ("cloudfront:ListDistributions", "*"),
        ("cloudfront:ListDistributionsByWebACLId", "*"),
        # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
        ("cognito-idp:DescribeUserPoolClient", "*"),
        ("cognito-idp:DescribeIdentityProvider", "*"),
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
        ("ec2:DescribeInstanceAttribute", "*"),
        ("ec2:DescribeLaunchTemplateVersions", "*"),
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html
        ("ec2:DescribeVpnConnections", "*"),
        # https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
        ("lambda:GetFunction", "*"),
        ("lambda:GetFunctionConfiguration", "*"),
        # https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html
        ("lambda:ListVersionsByFunction", "*"),
        # https://docs.aws.amazon.com/apigateway/latest/api/API_GetApiKeys.html
        ("apigateway:GET", f"arn:aws:apigateway:{REGION}::/apikeys"),
        ("apigateway:GET", f"arn:aws:apigateway:{REGION}::/apikeys/abc"),
        # https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsagePlanKeys.html
        ("apigateway:GET", f"arn:aws:apigateway:{REGION}::/usageplans/abc/keys"),
    ],
)
def test_a_pull_request_sees_no_setting_whose_value_may_be_a_secret(action, resource):
    graph = stack()
    generous = [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]
    preview = {**attached(graph, "delivery-preview"), "all": generous}

    assert allows(attached(graph, "delivery-deploy"), action, resource, **HERE)
    assert not allows(preview, action, resource, **HERE)


def test_who_looks_for_drift_reads_back_all_that_is_declared_and_writes_nothing():
    graph = stack()
    drift = attached(graph, "delivery-drift")
    key = graph.resource("key", "aws:kms/key:Key").outputs["arn"]
    data = graph.resource("data", "aws:s3/bucket:Bucket").outputs["arn"]
    site = graph.resource("site", "aws:s3/bucket:Bucket").outputs["arn"]
    secret = graph.resource("secrets-jwt-secret", "aws:secretsmanager/secret:Secret")
    state = "arn:aws:s3:::acme-state/.pulumi/stacks/ma-platform/fifth.json"

    assert allows(drift, "cloudfront:GetDistribution", "*", **HERE)
    assert allows(drift, "lambda:GetFunction", "*", **HERE)
    assert allows(drift, "s3:GetObject", state)
    assert allows(drift, "kms:Decrypt", STATE_KEY)
    assert allows(drift, "s3:GetObject", f"{site}/releases/initial/index.html")
    # Else each function would seem to have lost its environment:
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    through = {service: f"{service}.{REGION}.amazonaws.com" for service in ("lambda", "s3")}
    assert allows(drift, "kms:Decrypt", key, kms__ViaService=through["lambda"])
    assert not allows(drift, "kms:Decrypt", key, kms__ViaService=through["s3"])
    assert not allows(drift, "kms:Encrypt", STATE_KEY)
    assert not allows(drift, "s3:GetObject", state.replace("fifth", "prod"))
    assert not allows(drift, "s3:PutObject", state)
    assert not allows(drift, "s3:GetObject", f"{data}/objects/one")
    assert not allows(drift, "secretsmanager:GetSecretValue", secret.outputs["arn"], **HERE)
    allowed = {
        action
        for statements in drift.values()
        for statement in statements
        if statement["Effect"] == "Allow"
        for action in statement["Action"]
    }
    looks = ("Describe", "Get", "GET", "List")
    writes = {each for each in allowed if not each.partition(":")[2].startswith(looks)}
    assert writes == {"kms:Decrypt"}


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


def test_a_deploy_takes_snapshots_of_its_own_database_moves_aliases_back_and_deletes_no_snapshot():
    deploy = attached(stack(), "delivery-deploy")
    here = f"arn:aws:rds:{REGION}:{ACCOUNT}"
    for tag, expected in (("fifth", True), ("prod", False)):
        tagged = {**HERE, "aws__ResourceTag/Stack": tag}
        for action in ("CreateDBSnapshot", "AddTagsToResource", "DescribeDBInstances"):
            assert allows(deploy, f"rds:{action}", f"{here}:db:one", **tagged) is expected
        function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:one"
        for action in ("GetAlias", "GetFunctionConfiguration", "UpdateAlias"):
            assert allows(deploy, f"lambda:{action}", function, **tagged) is expected
    snapshot = f"{here}:snapshot:one"
    assert allows(deploy, "rds:CreateDBSnapshot", snapshot, **HERE)
    assert allows(deploy, "rds:DescribeDBSnapshots", snapshot, **HERE)
    assert not allows(deploy, "rds:DeleteDBSnapshot", snapshot, **HERE)


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


def test_a_deploy_writes_source_maps_and_reads_neither_them_nor_other_data():
    graph = stack()
    deploy = attached(graph, "delivery-deploy")
    data = graph.resource("data", "aws:s3/bucket:Bucket").outputs["arn"]
    key = graph.resource("key", "aws:kms/key:Key").outputs["arn"]
    through_s3 = {"kms__ViaService": f"s3.{REGION}.amazonaws.com"}

    assert allows(deploy, "s3:PutObject", f"{data}/source-maps/r1/app.js.map")
    assert not allows(deploy, "s3:PutObject", f"{data}/objects/one")
    assert not allows(deploy, "s3:GetObject", f"{data}/source-maps/r1/app.js.map")
    assert allows(deploy, "kms:GenerateDataKey", key, **through_s3)
    assert not allows(deploy, "kms:Decrypt", key, **through_s3)
