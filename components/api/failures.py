"""Where a function's events go when Lambda has given them up."""

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions

from components import iam

KEPT_SECONDS = 14 * 24 * 3600
"""The longest SQS keeps a message."""


def failure_queue(parent: Resource, name: str, key_arn: Input[str]) -> aws.sqs.Queue:
    """A dead-letter queue of one function: a dead letter does not say whose it is.

    It belongs to the function; an invoke destination would belong to one version or alias and
    leave calls of the others without.
    """
    queue = aws.sqs.Queue(
        f"{name}-failures",
        kms_master_key_id=key_arn,
        message_retention_seconds=KEPT_SECONDS,
        opts=ResourceOptions(parent=parent),
    )
    aws.sqs.QueuePolicy(
        f"{name}-failures",
        queue_url=queue.url,
        policy=iam.document([iam.tls_only(queue.arn, "sqs:*")]),
        opts=ResourceOptions(parent=parent),
    )
    return queue
