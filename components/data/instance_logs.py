"""Log groups RDS would else make itself, by name, without key or retention."""

import pulumi_aws as aws
from pulumi import Resource, ResourceOptions

from components.context import Context

EXPORTS = ("postgresql", "upgrade")


def groups(parent: Resource, name: str, identifier: str, context: Context) -> list[Resource]:
    """One group per exported log of the instance, which depends on them."""
    return [
        aws.cloudwatch.LogGroup(
            f"{name}-{export}",
            name=f"/aws/rds/instance/{identifier}/{export}",
            retention_in_days=context.logs.retention_days,
            kms_key_id=context.key_arn,
            opts=ResourceOptions(parent=parent),
        )
        for export in EXPORTS
    ]
