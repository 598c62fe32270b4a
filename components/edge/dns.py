"""The DNS records that lead the platform's names to the distribution."""

from collections.abc import Sequence
from functools import partial

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions

from config.sections import Edge


def names_lead(
    parent: Resource, name: str, config: Edge, distribution: aws.cloudfront.Distribution
) -> None:
    """Write them into the zone of all names."""
    for each in config.names():
        # The first is called as it was when it was the only one.
        suffix = "" if each == config.domain else f"-{each}"
        record = partial(
            aws.route53.Record,
            zone_id=config.zone_id,
            name=each,
            aliases=[
                {
                    "name": distribution.domain_name,
                    "zone_id": distribution.hosted_zone_id,
                    "evaluate_target_health": False,
                }
            ],
            opts=ResourceOptions(parent=parent),
        )
        record(f"{name}-ipv4{suffix}", type="A")
        record(f"{name}-ipv6{suffix}", type="AAAA")


def wanted(config: Edge, host: Input[str]) -> Sequence[dict[str, Input[str]]]:
    """What the DNS of somebody else must say of them: at the top of a zone, which takes no CNAME,
    whatever that DNS has instead (ALIAS, ANAME, flattening)."""
    return [{"name": each, "type": "CNAME", "value": host} for each in config.names()]
