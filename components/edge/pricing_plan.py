"""The flat-rate plan: one price for CloudFront, its firewall and their logs.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.ordering import after
from config.sections.edge import Plan

TIERS: Mapping[Plan, str] = {"free": "FREE", "pro": "PRO", "business": "BUSINESS"}
"""AWS's name of each plan; a plan that has none is no subscription."""


@dataclass(frozen=True, kw_only=True)
class PricingPlanArgs:
    """``tier`` is AWS's name. The distribution has the web ACL already, and no other has it."""

    tier: str
    distribution_arn: Input[str]
    web_acl_arn: Input[str]


class PricingPlan(ComponentResource):
    """A subscription; ``distribution_arn`` is the distribution's once it is covered.

    A higher tier holds at once, a lower one from the next month on; ``edge.firewall.plan`` gets a
    web ACL that is in use from one to the other. Removed, a paid one ends with
    its month, and until then AWS deletes neither distribution nor web ACL: a stack is destroyed
    in two runs, the first of which ends at the distribution.
    """

    distribution_arn: Output[str]

    def __init__(
        self, name: str, args: PricingPlanArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:edge:PricingPlan", name, None, opts)
        subscription = aws.pricingplanmanager.Subscription(
            name,
            plan_family="CloudFront",
            plan_tier=args.tier,
            resource_arns=[args.distribution_arn, args.web_acl_arn],
            # Else a paid plan waits, unbilled and unchangeable, for somebody to approve it.
            approval_mode="IMMEDIATE",
            opts=ResourceOptions(parent=self),
        )
        self.distribution_arn = after(Output.from_input(args.distribution_arn), subscription)
        self.register_outputs({"distribution_arn": self.distribution_arn})
