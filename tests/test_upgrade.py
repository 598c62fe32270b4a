"""What a deployed stack goes through when it is brought to this version of the program.

``tests/records`` has what the version before declares. What only moved or was renamed says so by
an alias; what is new, and what is gone, is listed here as it is in CHANGELOG.md.
"""

from collections import Counter
from pathlib import Path

import pytest

from graph.changes.compare import compare
from graph.saved import read
from policies.rule import Verdict
from policies.rules.stack.destruction import DATA_STORES, data_store_kept
from policies.stack import Stack
from tests.policies.cases import TODAY
from tests.stacks import built

RECORDS = Path(__file__).with_name("records")
STACKS = sorted(path.name.partition(".")[0] for path in RECORDS.iterdir())

LASTING = {
    "aws:acm/certificate:Certificate",
    "aws:apigatewayv2/api:Api",
    "aws:cloudfront/distribution:Distribution",
    "aws:cognito/userPoolClient:UserPoolClient",
    "aws:cognito/userPoolDomain:UserPoolDomain",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:lambda/alias:Alias",
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    "aws:lambda/function:Function",
    "aws:pricingplanmanager/subscription:Subscription",
    "aws:rds/proxy:Proxy",
    "aws:sns/topic:Topic",
    "aws:wafv2/webAcl:WebAcl",
    "random:index/randomId:RandomId",
    "random:index/randomPassword:RandomPassword",
}
"""Beside data stores: what addresses, names, confirmations and drawn values hang on."""

each_stack = pytest.mark.parametrize("stack", STACKS)


def gone(stack):
    """The resources of the version before that are nothing's former self."""
    now = built(stack)
    known = {resource.urn for resource in now.resources}
    known |= {alias for resource in now.resources for alias in resource.aliases}
    before = read(RECORDS / f"{stack}.json.gz")
    return [resource for resource in before.resources if resource.urn not in known]


@each_stack
def test_no_data_store_is_deleted_or_replaced(stack):
    before = read(RECORDS / f"{stack}.json.gz")
    found = list(data_store_kept.judge(Stack(built(stack), TODAY, before)))

    assert found
    assert [(j.verdict, j.message) for j in found if j.verdict is not Verdict.MET] == []


@each_stack
def test_nothing_that_lasts_is_gone(stack):
    assert [resource.label for resource in gone(stack) if resource.type in LASTING] == []


@each_stack
def test_nothing_that_lasts_is_made_anew(stack):
    changes = compare(read(RECORDS / f"{stack}.json.gz"), built(stack))
    anew = [c.resource for c in changes if "replace" in c.kinds]

    assert [resource.label for resource in anew if resource.type in {*LASTING, *DATA_STORES}] == []


def test_what_is_gone_is_what_the_changelog_says():
    kinds = Counter(resource.short_type for resource in gone("prod") if resource.custom)

    assert kinds == {
        "cloudwatch.EventRule": 1,
        "cloudwatch.EventTarget": 1,
        "cloudwatch.LogMetricFilter": 10,
        "cloudwatch.MetricAlarm": 1,
        "lambda.Permission": 17,
        "rds.EventSubscription": 1,
        "rds.SubnetGroup": 1,
        "s3.BucketServerSideEncryptionConfiguration": 2,
        "sqs.Queue": 20,
        "sqs.QueuePolicy": 20,
    }
