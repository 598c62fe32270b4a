"""Log groups RDS would else make itself, by name, without key or retention."""

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions

from config.sections import Logs

EXPORTS = ("postgresql", "upgrade")


def groups(
    parent: Resource, name: str, identifier: str, *, logs: Logs, key_arn: Input[str]
) -> list[Resource]:
    """One group per exported log; the instance depends on them."""
    return [
        aws.cloudwatch.LogGroup(
            f"{name}-{export}",
            name=f"/aws/rds/instance/{identifier}/{export}",
            retention_in_days=logs.retention_days,
            kms_key_id=key_arn,
            opts=ResourceOptions(parent=parent),
        )
        for export in EXPORTS
    ]
