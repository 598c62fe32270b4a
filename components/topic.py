"""A topic that mails somebody, encrypted, and published to over TLS only."""

from collections.abc import Callable, Iterable

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components import iam
from components.context import Context
from components.ordering import after

Publishers = Callable[[Output[str]], Iterable[iam.Statement]]
"""Given the topic's ARN, who may publish to it."""


def mailed_topic(
    parent: Resource,
    name: str,
    *,
    display_name: str,
    address: str,
    publishers: Publishers,
    context: Context,
    filter_policy: Input[str] | None = None,
) -> Output[str]:
    """Its ARN, once its policy lets the publishers in. AWS asks the address to confirm, by mail."""
    child = ResourceOptions(parent=parent)
    topic = aws.sns.Topic(
        name,
        display_name=display_name,
        kms_master_key_id=context.key_arn,
        region=context.region,
        opts=child,
    )
    policy = aws.sns.TopicPolicy(
        name,
        arn=topic.arn,
        policy=iam.document([iam.tls_only(topic.arn, "sns:Publish"), *publishers(topic.arn)]),
        region=context.region,
        opts=child,
    )
    aws.sns.TopicSubscription(
        name,
        topic=topic.arn,
        protocol="email",
        endpoint=address,
        filter_policy=filter_policy,
        region=context.region,
        opts=child,
    )
    return after(topic.arn, policy)
