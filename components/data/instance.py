"""What the primary and its replicas share: the hardening of an instance."""

from functools import partial

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components import iam
from components.context import Context
from components.data import instance_logs
from components.data.parameters import parameters
from components.ordering import after
from config.sections import Database
from contract.database import PORT

STRIPED_GIB = 400
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage"""
INSIGHTS_DAYS = {"standard": 7, "advanced": 465}
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.TurningOnAdvanced.html"""


def hardened(
    parent: Resource,
    name: str,
    config: Database,
    context: Context,
    *,
    security_group_id: Input[str],
) -> "partial[aws.rds.Instance]":
    """An instance but for what tells one from another; its parameters and role are made here."""
    group = parameter_group(parent, name, config, behind_proxy=config.proxy)
    return partial(
        aws.rds.Instance,
        instance_class=config.instance_class,
        apply_immediately=config.apply_immediately,
        maintenance_window=config.maintenance_window,
        # A replica is made as large as its primary is, and grows by this alone: RDS takes no other
        # IOPS without it, and what the primary grows by stays the primary's.
        # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
        allocated_storage=config.storage_gib,
        max_allocated_storage=config.max_storage_gib or None,
        storage_type="gp3",
        # Larger gp3 volumes have these included. Unsaid, the provider sends the smaller one's
        # when it grows: https://github.com/hashicorp/terraform-provider-aws/issues/28382
        iops=12_000 if config.storage_gib >= STRIPED_GIB else None,
        storage_throughput=500 if config.storage_gib >= STRIPED_GIB else None,
        storage_encrypted=True,
        kms_key_id=context.key_arn,
        port=PORT,
        parameter_group_name=group.name,
        vpc_security_group_ids=[security_group_id],
        publicly_accessible=False,
        iam_database_authentication_enabled=True,
        ca_cert_identifier="rds-ca-rsa2048-g1",
        auto_minor_version_upgrade=True,
        copy_tags_to_snapshot=True,
        deletion_protection=context.protect,
        enabled_cloudwatch_logs_exports=list(instance_logs.EXPORTS),
        monitoring_interval=config.monitoring_seconds,
        monitoring_role_arn=(
            _monitoring_role(parent, f"{name}-monitoring", context.account_id)
            if config.monitoring_seconds
            else None
        ),
        performance_insights_enabled=True,
        performance_insights_kms_key_id=context.key_arn,
        performance_insights_retention_period=INSIGHTS_DAYS[config.insights],
        database_insights_mode=config.insights,
    )


def parameter_group(
    parent: Resource, name: str, config: Database, *, behind_proxy: bool
) -> aws.rds.ParameterGroup:
    """Postgres's parameters for instances that are reached alike."""
    return aws.rds.ParameterGroup(
        name,
        family=f"postgres{config.engine_version}",
        parameters=parameters(config.max_connections, behind_proxy=behind_proxy),
        opts=ResourceOptions(parent=parent),
    )


def _monitoring_role(parent: Resource, name: str, account_id: Input[str]) -> Output[str]:
    role = aws.iam.Role(
        name,
        assume_role_policy=iam.service_trust("monitoring.rds.amazonaws.com", account_id),
        opts=ResourceOptions(parent=parent),
    )
    attachment = aws.iam.RolePolicyAttachment(
        name,
        role=role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
        opts=ResourceOptions(parent=parent),
    )
    return after(role.arn, attachment)
