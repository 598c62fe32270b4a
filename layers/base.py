"""What every layer is given: the stack's configuration, and where it is deployed."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOutputOptions, Output, ResourceOptions

from config.model import StackConfig


@dataclass(frozen=True, kw_only=True)
class Base:
    """``identifier`` tells the stack from others in an account; ``opts`` have its one provider."""

    config: StackConfig
    region: str
    protect: bool
    realtime: bool
    identifier: str
    account_id: Output[str]
    zones: Output[list[str]]
    opts: ResourceOptions


def declare(config: StackConfig) -> Base:
    """The provider, whose default tags are on all that the stack declares, and what it looks up."""
    project, stack = pulumi.get_project(), pulumi.get_stack()
    tags = {
        "Project": project,
        "Stack": stack,
        "Environment": config.environment,
        "Tier": config.tier,
    }
    provider = aws.Provider("aws", region=config.region, default_tags={"tags": tags})
    lookup = InvokeOutputOptions(provider=provider)
    return Base(
        config=config,
        region=config.region,
        protect=config.protect,
        realtime=config.features.realtime,
        identifier=f"{project}-{stack}",
        account_id=aws.get_caller_identity_output(opts=lookup).account_id,
        zones=_zones(lookup),
        opts=ResourceOptions(provider=provider),
    )


def _zones(lookup: InvokeOutputOptions) -> Output[list[str]]:
    return aws.get_availability_zones_output(
        state="available",
        # RDS Proxy is not there:
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
        exclude_zone_ids=["use1-az3"],
        # Local and wavelength zones have no RDS.
        filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
        opts=lookup,
    ).names
