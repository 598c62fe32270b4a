"""Where events go when Lambda, or the rule that calls it, has given them up."""

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components import iam
from components.alarm import Alarm, Metric, Priority

KEPT_SECONDS = 14 * 24 * 3600
"""The longest SQS keeps a message."""


def failure_queue(
    parent: Resource, name: str, key_arn: Input[str], *, rule_arn: Input[str] | None = None
) -> aws.sqs.Queue:
    """A dead-letter queue of one function: a dead letter does not say whose it is.

    It belongs to the function; an invoke destination would belong to one version or alias and
    leave calls of the others without. An EventBridge rule has no role to send with: what it may
    is in the queue's policy.
    """
    queue = aws.sqs.Queue(
        f"{name}-failures",
        kms_master_key_id=key_arn,
        message_retention_seconds=KEPT_SECONDS,
        opts=ResourceOptions(parent=parent),
    )
    statements = [iam.tls_only(queue.arn, "sqs:*")]
    if rule_arn is not None:
        statements.append(_sent_by(rule_arn, queue.arn))
    aws.sqs.QueuePolicy(
        f"{name}-failures",
        queue_url=queue.url,
        policy=iam.document(statements),
        opts=ResourceOptions(parent=parent),
    )
    return queue


def dead_letters(name: str, queue_name: Output[str], *, of: str) -> Alarm:
    """The alarm on such a queue; ``of`` says what kind of thing it belongs to."""
    return Alarm(
        name=f"{name}-dead-letters",
        issue="data_loss",
        priority=Priority.DEGRADED,
        metrics={
            "m": Metric(
                namespace="AWS/SQS",
                name="ApproximateNumberOfMessagesVisible",
                dimensions={"QueueName": queue_name},
                statistic="Maximum",
            )
        },
        threshold=0,
        periods=1,
        action="Events were given up after their retries: mend the cause, then send them again "
        f"from the {of}'s dead-letter queue, which keeps them for 14 days.",
    )


def _sent_by(rule_arn: Input[str], queue_arn: Input[str]) -> iam.Statement:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html"""
    return iam.allow(
        "Rule",
        actions=["sqs:SendMessage"],
        resources=[queue_arn],
        principal={"Service": "events.amazonaws.com"},
        conditions={"ArnEquals": {"aws:SourceArn": rule_arn}},
    )
