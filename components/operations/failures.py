"""Where calls go that nobody waits for, when Lambda or a schedule has given them up."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from components import iam
from components.alarm import Alarm, Metric, Priority
from components.context import Context
from contract.incidents import Issue

KEPT_SECONDS = 14 * 24 * 3600
"""The longest SQS keeps a message."""


@dataclass(frozen=True, kw_only=True)
class FailuresArgs:
    """``issues`` are the classes of incident that something asynchronous belongs to."""

    context: Context
    issues: Collection[Issue]


class Failures(ComponentResource):
    """One queue for each class of incident, which its contacts hear of.

    What comes says whose it was: an on-failure destination's record names function and version, a
    schedule's dead letter has its ARN. (A function's own dead-letter queue would be
    told the event alone.)
    """

    arns: Mapping[Issue, Output[str]]
    alarms: list[Alarm]

    def __init__(self, name: str, args: FailuresArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:operations:Failures", name, None, opts)
        self._name = name
        queues = {issue: self._queue(issue, args.context) for issue in args.issues}
        self.arns = {issue: queue.arn for issue, queue in queues.items()}
        self.alarms = [_given_up(name, issue, queue.name) for issue, queue in queues.items()]
        self.alarms.append(_undelivered(name))
        self.register_outputs({"arns": self.arns})

    def _queue(self, issue: Issue, context: Context) -> aws.sqs.Queue:
        queue = aws.sqs.Queue(
            self._child(issue),
            kms_master_key_id=context.key_arn,
            message_retention_seconds=KEPT_SECONDS,
            opts=ResourceOptions(parent=self),
        )
        aws.sqs.QueuePolicy(
            self._child(issue),
            queue_url=queue.url,
            policy=iam.document([iam.tls_only(queue.arn, "sqs:*")]),
            opts=ResourceOptions(parent=self),
        )
        return queue

    def _child(self, issue: Issue) -> str:
        return f"{self._name}-{issue.replace('_', '-')}"


def _given_up(name: str, issue: Issue, queue_name: Output[str]) -> Alarm:
    """On what arrives, not on what lies there: an old one would hide the next.

    A letter from Lambda or Scheduler is sent to the queue, so it counts there; one
    that SQS itself moves to a dead-letter queue would not:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    """
    return Alarm(
        name=f"{name}-{issue.replace('_', '-')}",
        issue=issue,
        priority=Priority.UNNOTICED,
        metrics={
            "m": Metric(
                namespace="AWS/SQS",
                name="NumberOfMessagesSent",
                dimensions={"QueueName": queue_name},
                statistic="Sum",
            )
        },
        threshold=0,
        periods=1,
        action="Work in the background was given up after its retries: see whose it was in the "
        "queue, which keeps it for 14 days, mend the cause and run it again as "
        "docs/operations.md says.",
    )


def _undelivered(name: str) -> Alarm:
    """On failures that did not reach their queue either: then nothing else tells of them.

    One for all functions. Without a dimension it is on those of the whole account and Region,
    another stack's too, who had better hear of it twice than not at all:
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    """
    return Alarm(
        name=f"{name}-undelivered",
        issue="outage",
        priority=Priority.UNNOTICED,
        metrics={
            "m": Metric(
                namespace="AWS/Lambda",
                name="DestinationDeliveryFailures",
                dimensions={},
                statistic="Sum",
            )
        },
        threshold=0,
        periods=1,
        action="Lambda could not hand over what it gave up, in this stack or another of the "
        "account: look whether the queue, its key and the function's role still let it, then in "
        "the functions' logs for what was lost.",
    )
