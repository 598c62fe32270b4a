"""The flat-rate plan: one price for CloudFront, its firewall and their logs.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html
"""

from collections.abc import Mapping

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.former import child_of
from components.ordering import after
from config.sections.edge import Plan

TIERS: Mapping[Plan, str] = {"free": "FREE", "pro": "PRO", "business": "BUSINESS"}
"""AWS's name of each plan; a plan that has none is no subscription."""


def subscribe(
    parent: Resource, name: str, tier: str, *, distribution_arn: Input[str], web_acl_arn: Input[str]
) -> Output[str]:
    """Subscribe to the plan that AWS calls ``tier``; the distribution's ARN once it is covered.

    The distribution has the web ACL already, and no other has it. A higher tier holds at once, a
    lower one from the next month on; ``edge.firewall.plan`` gets a web ACL that is in use from one
    to the other. Removed, a paid one ends with its month, and until then AWS deletes neither
    distribution nor web ACL: a stack is destroyed in two runs, the first of which ends at the
    distribution.
    """
    subscription = aws.pricingplanmanager.Subscription(
        name,
        plan_family="CloudFront",
        plan_tier=tier,
        resource_arns=[distribution_arn, web_acl_arn],
        # Else a paid plan waits, unbilled and unchangeable, for somebody to approve it.
        approval_mode="IMMEDIATE",
        opts=ResourceOptions(
            parent=parent,
            aliases=[child_of("ma-platform:edge:PricingPlan", name, parent=parent.urn)],
        ),
    )
    return after(Output.from_input(distribution_arn), subscription)
