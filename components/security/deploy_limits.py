"""How far a deploy reaches into IAM, and what no deploy does."""

from pulumi import Output

from components import iam
from components.security.deploy_access import Reach
from components.security.roles import other_stacks, roles_path
from config.delivery import PATH

PASSED_TO = (
    "apigateway.amazonaws.com",
    "backup.amazonaws.com",
    "firehose.amazonaws.com",
    "lambda.amazonaws.com",
    "logs.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "rds.amazonaws.com",
    # AWS Backup, under the name it has for this:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_backup.html
    "restore-testing.backup.amazonaws.com",
    "scheduler.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
)
"""Services that are given a role of the platform's."""

LINKED = (
    "access-analyzer.amazonaws.com",
    "backup.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "lambda.application-autoscaling.amazonaws.com",
    "ops.apigateway.amazonaws.com",
    "rds.amazonaws.com",
    "restore-testing.backup.amazonaws.com",
    "wafv2.amazonaws.com",
)
"""Services that make themselves a role of their own at first use."""

MANAGED = ("arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",)
"""AWS's policies that roles of the platform are given."""

IAM_WRITES = "Add Attach Create Delete Detach PassRole Put Remove Set Tag Untag Update"


def roles(reach: Reach) -> list[iam.Statement]:
    """Make roles within the boundary, and pass them to the services that take them.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    own = Output.format("arn:aws:iam::{0}:role{1}*", reach.account_id, roles_path())
    bounded = {"iam:PermissionsBoundary": reach.boundary_arn}
    return [
        iam.allow(
            "BoundedRoles",
            actions=[
                "iam:CreateRole",
                "iam:DeleteRolePolicy",
                "iam:DetachRolePolicy",
                "iam:PutRolePermissionsBoundary",
                "iam:PutRolePolicy",
            ],
            resources=[own],
            conditions={"StringEquals": bounded},
        ),
        iam.allow(
            "ManagedPolicies",
            actions=["iam:AttachRolePolicy"],
            resources=[own],
            conditions={"StringEquals": bounded, "ArnEquals": {"iam:PolicyARN": MANAGED}},
        ),
        iam.allow(
            "OwnRoles",
            actions=[
                "iam:DeleteRole",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRole",
                "iam:UpdateRoleDescription",
            ],
            resources=[own],
        ),
        iam.allow(
            "PassRoles",
            actions=["iam:PassRole"],
            resources=[own],
            conditions={"StringEquals": {"iam:PassedToService": PASSED_TO}},
        ),
        iam.allow(
            "LinkedRoles",
            actions=["iam:CreateServiceLinkedRole"],
            resources=[Output.format("arn:aws:iam::{0}:role/aws-service-role/*", reach.account_id)],
            conditions={"StringEquals": {"iam:AWSServiceName": LINKED}},
        ),
    ]


def guard(reach: Reach) -> list[iam.Statement]:
    """What no deploy does, whatever else allows it."""
    delivery = [
        Output.format("arn:aws:iam::{0}:{1}", reach.account_id, resource)
        for resource in (
            f"role{PATH}*",
            f"policy{PATH}*",
            "oidc-provider/*",
        )
    ]
    kept: list[iam.Statement] = []
    if reach.audit_arns:
        objects = [Output.concat(arn, "/*") for arn in reach.audit_arns]
        kept = [
            iam.refuse(
                "Audit",
                actions=["s3:Bypass*", "s3:Delete*", "s3:Put*", "s3:Restore*"],
                resources=[*reach.audit_arns, *objects],
            )
        ]
    return [
        iam.refuse(
            "Delivery",
            actions=[*(f"iam:{verb}*" for verb in IAM_WRITES.split()), "sts:AssumeRole"],
            resources=delivery,
        ),
        iam.refuse("Unbounded", actions=["iam:DeleteRolePermissionsBoundary"], resources=["*"]),
        iam.refuse(
            "Trail",
            actions=[
                "cloudtrail:Delete*",
                "cloudtrail:Put*",
                "cloudtrail:StopLogging",
                "cloudtrail:Update*",
            ],
            resources=["*"],
        ),
        *kept,
        other_stacks(),
    ]
