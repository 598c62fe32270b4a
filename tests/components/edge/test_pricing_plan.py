"""The flat-rate plan: a subscription over the distribution and its web ACL."""

from typing import get_args

import botocore.session
import pytest
from botocore.validate import ParamValidator

from config.sections.edge import Plan
from tests.components.edge.programs import WEB_ACL, cdn

SUBSCRIPTION = "aws:pricingplanmanager/subscription:Subscription"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource"


def subscribed(graph):
    return [subscription.inputs for subscription in graph.by_type(SUBSCRIPTION)]


@pytest.mark.parametrize(
    ("plan", "tier"), [("free", "FREE"), ("pro", "PRO"), ("business", "BUSINESS")]
)
def test_a_flat_rate_plan_covers_the_distribution_and_its_web_acl(plan, tier):
    graph = cdn(plan=plan)
    [distribution] = graph.by_type(DISTRIBUTION)

    assert distribution.inputs["webAclId"] == WEB_ACL
    assert subscribed(graph) == [
        {
            "planFamily": "CloudFront",
            "planTier": tier,
            "resourceArns": [distribution.outputs["arn"], WEB_ACL],
            "approvalMode": "IMMEDIATE",
        }
    ]


def test_pay_as_you_go_is_no_subscription():
    assert subscribed(cdn(plan="payg")) == []


def test_a_higher_plan_changes_the_tier_and_nothing_that_would_replace_the_subscription():
    [pro], [business] = subscribed(cdn(plan="pro")), subscribed(cdn(plan="business"))

    assert {key for key in pro if pro[key] != business[key]} == {"planTier"}


def test_access_logs_wait_for_the_plan_that_allows_them():
    graph = cdn(plan="pro")
    [source], [subscription] = graph.by_type(SOURCE), graph.by_type(SUBSCRIPTION)
    [distribution] = graph.by_type(DISTRIBUTION)

    assert subscription.urn in source.dependencies
    assert source.inputs["resourceArn"] == distribution.outputs["arn"]


def test_aws_knows_every_member_of_the_subscription():
    model = botocore.session.get_session().get_service_model("pricing-plan-manager")
    shape = model.operation_model("CreateSubscription").input_shape
    for plan in set(get_args(Plan)) - {"payg"}:
        for inputs in subscribed(cdn(plan=plan)):
            assert ParamValidator().validate(inputs, shape).generate_report() == ""
