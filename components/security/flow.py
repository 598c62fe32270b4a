"""One permitted flow between two security groups: a rule at each end."""

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions


def allow_tcp(
    parent: Resource,
    name: str,
    *,
    source: Input[str],
    target: Input[str],
    port: int,
    purpose: str,
) -> None:
    """Let ``source`` open TCP connections to ``target`` on ``port``, and nothing the other way."""
    opts = ResourceOptions(parent=parent)
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-in",
        security_group_id=target,
        referenced_security_group_id=source,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=purpose,
        opts=opts,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-out",
        security_group_id=source,
        referenced_security_group_id=target,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        description=purpose,
        opts=opts,
    )
