"""Archived objects that are back: a function is told of each, as S3 tells EventBridge."""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.alarm import Alarm
from components.api.failures import dead_letters, failure_queue
from components.api.function import Function
from components.context import Context
from contract.objects import OBJECTS

MAX_AGE_SECONDS = 24 * 3600
RETRIES = 185
"""Both the most there is, and less than the object stays readable:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html"""


@dataclass(frozen=True, kw_only=True)
class RestoresArgs:
    """``bucket`` sends its events to EventBridge."""

    context: Context
    bucket: Input[str]
    function: Function


class Restores(ComponentResource):
    """One rule. What it cannot hand over goes to its queue; what the function then makes of it is
    the function's own failure."""

    alarms: list[Alarm]

    def __init__(self, name: str, args: RestoresArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:data:Restores", name, None, opts)
        rule = aws.cloudwatch.EventRule(
            name,
            description="An archived object can be read again",
            event_pattern=_restored(args.bucket),
            opts=ResourceOptions(parent=self),
        )
        queue = failure_queue(self, name, args.context.key_arn, rule_arn=rule.arn)
        args.function.allow_invoke("events.amazonaws.com", rule.arn, name)
        aws.cloudwatch.EventTarget(
            name,
            rule=rule.name,
            arn=args.function.alias_arn,
            retry_policy={
                "maximum_event_age_in_seconds": MAX_AGE_SECONDS,
                "maximum_retry_attempts": RETRIES,
            },
            dead_letter_config={"arn": queue.arn},
            opts=ResourceOptions(parent=self),
        )
        self.alarms = [dead_letters(name, queue.name, of="rule")]
        self.register_outputs({})


def _restored(bucket: Input[str]) -> Output[str]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html"""
    return Output.json_dumps(
        {
            "source": ["aws.s3"],
            "detail-type": ["Object Restore Completed"],
            "detail": {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": OBJECTS}]}},
        }
    )
