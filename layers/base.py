"""What every layer is given: the stack's configuration, and where it is deployed."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOutputOptions, Output, ResourceOptions

from components.context import Context
from components.edge import EDGE_REGION
from components.security.key import Key, KeyArgs
from components.security.trail_access import trail_arn
from config.model import StackConfig


@dataclass(frozen=True, kw_only=True)
class Base:
    """``opts`` have the stack's one provider; ``trail_arn`` is of the trail, where it has one.

    ``context`` is of the stack's Region, ``edge`` of CloudFront's (the same one where that is the
    stack's) and ``copies`` of the Region that backups are copied to, if they are.
    """

    config: StackConfig
    realtime: bool
    zones: Output[list[str]]
    opts: ResourceOptions
    context: Context
    edge: Context
    copies: Context | None
    trail_arn: Output[str] | None

    @property
    def contexts(self) -> list[Context]:
        """One for each key."""
        edge = [] if self.edge is self.context else [self.edge]
        return [self.context, *edge, *([self.copies] if self.copies else [])]


def declare(config: StackConfig) -> Base:
    """The provider, whose default tags are on all that the stack declares, and a key a Region."""
    identifier = f"{pulumi.get_project()}-{pulumi.get_stack()}"
    provider = _provider(config)
    opts, lookup = ResourceOptions(provider=provider), InvokeOutputOptions(provider=provider)
    account_id = aws.get_caller_identity_output(opts=lookup).account_id
    trail = trail_arn(identifier, account_id, config.region) if config.account.has_trail() else None

    def within(key: str, region: str, *, retain: bool, trail: Output[str] | None = None) -> Context:
        args = KeyArgs(
            account_id=account_id,
            region=region,
            protect=config.protect,
            retain=retain,
            trail_arn=trail,
        )
        return Context(
            account_id=account_id,
            region=region,
            identifier=identifier,
            key_arn=Key(key, args, opts).arn,
            logs=config.logs,
            protect=config.protect,
        )

    # Final snapshots and backups open with the key they were made under, and no other.
    kept, copies = config.database.final_snapshot, config.backup.copy_region
    context = within("key", config.region, retain=kept, trail=trail)
    at_edge = config.region == EDGE_REGION
    return Base(
        config=config,
        realtime=config.features.realtime,
        zones=_zones(lookup),
        opts=opts,
        context=context,
        edge=context if at_edge else within("key-edge", EDGE_REGION, retain=False),
        copies=within("key-copies", copies, retain=kept) if copies else None,
        trail_arn=trail,
    )


def _provider(config: StackConfig) -> aws.Provider:
    tags = {
        "Project": pulumi.get_project(),
        "Stack": pulumi.get_stack(),
        "Environment": config.environment,
        "Tier": config.tier,
    }
    return aws.Provider(
        "aws",
        region=config.region,
        default_tags={"tags": tags},
        allowed_account_ids=[config.account.id] if config.account.id else None,
    )


def _zones(lookup: InvokeOutputOptions) -> Output[list[str]]:
    """Whatever their state: one that is away for an hour has its subnet all the same."""
    return aws.get_availability_zones_output(
        # RDS Proxy is not there:
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
        exclude_zone_ids=["use1-az3"],
        # Local and wavelength zones have no RDS.
        filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
        opts=lookup,
    ).names
