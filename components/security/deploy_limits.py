"""How far a deploy reaches into IAM, and what no deploy does."""

from collections.abc import Iterator, Mapping, Sequence

import pulumi
from pulumi import Input, Output

from components import iam
from components.security.deploy_access import Reach
from components.security.provider_calls import WRITES
from components.security.roles import other_stacks, roles_path
from config.delivery import PATH
from config.sections import Delivery

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

LOG_WRITES = "Associate Delete Disassociate Put Untag"
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


NAMED: Mapping[str, tuple[str, ...]] = {
    "kms": ("kms/alias",),
    "route53": ("route53/record",),
    "s3": tuple(kind for kind in WRITES if kind.startswith("s3/bucket")),
}
"""What has no tags that IAM is told, and so is known by its name: of each service, which kinds.
A bucket tells its tags only once that is turned on for it:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html"""


def guard(config: Delivery, reach: Reach, buckets: Sequence[Input[str]]) -> list[iam.Statement]:
    """What no deploy does, whatever else allows it; ``buckets`` are the stack's own."""
    delivery = [
        Output.format("arn:aws:iam::{0}:{1}", reach.account_id, resource)
        for resource in (
            f"role{PATH}*",
            f"policy{PATH}*",
            "oidc-provider/*",
        )
    ]
    return [
        iam.refuse(
            "Delivery",
            actions=[*(f"iam:{verb}*" for verb in IAM_WRITES.split()), "sts:AssumeRole"],
            resources=delivery,
        ),
        iam.refuse("Unbounded", actions=["iam:DeleteRolePermissionsBoundary"], resources=["*"]),
        *_kept(config, reach),
        _elsewhere(reach, buckets),
        other_stacks(),
    ]


def _kept(config: Delivery, reach: Reach) -> Iterator[iam.Statement]:
    """What a person changes: where what was done is recorded, and what opens all that is kept."""
    yield iam.refuse(
        "Trail",
        actions=[
            "cloudtrail:Delete*",
            "cloudtrail:Put*",
            "cloudtrail:StopLogging",
            "cloudtrail:Update*",
        ],
        resources=["*"],
    )
    if reach.trail_arns:
        yield iam.refuse(
            "TrailLog",
            actions=[f"logs:{verb}*" for verb in LOG_WRITES.split()],
            resources=[*reach.trail_arns, *(Output.concat(arn, ":*") for arn in reach.trail_arns)],
        )
    if reach.audit_arns:
        yield _bucket("Audit", reach.audit_arns, "*")
    keys = list(reach.key_arns)
    if config.state_bucket is not None:
        arn = f"arn:aws:s3:::{config.state_bucket}"
        yield _bucket("State", [arn])
        # Pulumi deletes by a marker, and what was before is there to go back to.
        yield iam.refuse(
            "StateHistory",
            actions=["s3:Bypass*", "s3:DeleteObjectVersion*", "s3:PutObjectRetention"],
            resources=[f"{arn}/*"],
        )
    if config.state_key is not None:
        keys.append(config.state_key)
    yield iam.refuse(
        "Keys",
        actions=[
            "kms:DeleteImportedKeyMaterial",
            "kms:Disable*",
            "kms:PutKeyPolicy",
            "kms:ScheduleKeyDeletion",
            "kms:UntagResource",
        ],
        resources=keys,
    )


def _bucket(sid: str, arns: Sequence[Input[str]], *objects: str) -> iam.Statement:
    return iam.refuse(
        sid,
        actions=["s3:Bypass*", "s3:Delete*", "s3:Put*", "s3:Restore*"],
        resources=[*arns, *(Output.concat(arn, "/", each) for arn in arns for each in objects)],
    )


def _elsewhere(reach: Reach, buckets: Sequence[Input[str]]) -> iam.Statement:
    """Other buckets, other zones, and aliases of others' keys."""
    alias = f"{pulumi.get_project()}-{pulumi.get_stack()}-key*"
    zones = [f"arn:aws:route53:::hostedzone/{reach.zone_id}"] if reach.zone_id else []
    return iam.refuse_elsewhere(
        "Elsewhere",
        actions=sorted(
            f"{service}:{action}"
            for service, kinds in NAMED.items()
            for action in {a for kind in kinds for a in WRITES[kind].get(service, "").split()}
            if not action.startswith("Create")
        ),
        within=[
            *(Output.concat("arn:aws:s3:::", bucket) for bucket in buckets),
            *zones,
            Output.format("arn:aws:kms:*:{0}:alias/{1}", reach.account_id, alias),
            "arn:aws:kms:*:*:key/*",
        ],
    )
