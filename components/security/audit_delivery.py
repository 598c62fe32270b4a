"""Audit lines on their way from the functions' logs to the locked archive."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.alarm import Alarm, Metric, Priority
from components.api.function import Function
from components.context import Context
from components.security.audit_archive import AuditArchive
from contract.audit import FAILED, LINES, MARK

PATTERN = f"{{ $.message = {json.dumps(MARK)} }}"
"""Of JSON: the bare mark would be a list of one column, which every line has.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"""
BUFFER_SECONDS = 60
LATE_SECONDS = 900
"""Of a line's age: Firehose tries for 24 hours, then gives it up."""


@dataclass(frozen=True, kw_only=True)
class AuditDeliveryArgs:
    """``functions`` are those that write audit lines, by name."""

    context: Context
    archive: AuditArchive
    functions: Mapping[str, Function]


class AuditDelivery(ComponentResource):
    """A line is in the archive some minutes after the action; until then the log group has it."""

    alarms: list[Alarm]

    def __init__(
        self, name: str, args: AuditDeliveryArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:security:AuditDelivery", name, None, opts)
        self._name, self._args = name, args
        stream = self._stream()
        role, policy = self._role(
            "subscription",
            {
                "Principal": {"Service": "logs.amazonaws.com"},
                # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#FirehoseExample
                "Condition": {
                    "StringLike": {
                        "aws:SourceArn": Output.concat(
                            "arn:aws:logs:", args.context.region, ":", args.context.account_id, ":*"
                        )
                    }
                },
            },
            [
                iam.allow(
                    "Put",
                    actions=["firehose:PutRecord", "firehose:PutRecordBatch"],
                    resources=[stream.arn],
                )
            ],
        )
        for function_name, function in args.functions.items():
            aws.cloudwatch.LogSubscriptionFilter(
                f"{name}-{function_name.replace('_', '-')}",
                log_group=function.log_group_name,
                filter_pattern=PATTERN,
                destination_arn=stream.arn,
                role_arn=role.arn,
                # CloudWatch Logs sends a test message when a filter is made.
                opts=ResourceOptions(parent=self, depends_on=[policy]),
            )
        self.alarms = [_late(name, stream.name)]
        self.register_outputs({})

    def _stream(self) -> aws.kinesis.FirehoseDeliveryStream:
        name, args, child = self._name, self._args, ResourceOptions(parent=self)
        group = aws.cloudwatch.LogGroup(
            name,
            retention_in_days=args.context.logs.retention_days,
            kms_key_id=args.context.key_arn,
            opts=child,
        )
        errors = aws.cloudwatch.LogStream(
            name, name="delivery", log_group_name=group.name, opts=child
        )
        role, policy = self._role(
            "firehose", _firehose(args.context.account_id), self._deliver(errors.arn)
        )
        return aws.kinesis.FirehoseDeliveryStream(
            name,
            destination="extended_s3",
            server_side_encryption={
                "enabled": True,
                "key_type": "CUSTOMER_MANAGED_CMK",
                "key_arn": args.context.key_arn,
            },
            extended_s3_configuration={
                "role_arn": role.arn,
                "bucket_arn": args.archive.arn,
                "kms_key_arn": args.context.key_arn,
                "prefix": f"{LINES}!{{timestamp:yyyy/MM/dd}}/",
                "error_output_prefix": f"{FAILED}!{{firehose:error-output-type}}"
                "/!{timestamp:yyyy/MM/dd}/",
                "buffering_interval": BUFFER_SECONDS,
                "compression_format": "GZIP",
                "cloudwatch_logging_options": {
                    "enabled": True,
                    "log_group_name": group.name,
                    "log_stream_name": errors.name,
                },
                # CloudWatch Logs sends envelopes of several events, in gzip already:
                # https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs.html
                "processing_configuration": {
                    "enabled": True,
                    "processors": [
                        _processor("Decompression", CompressionFormat="GZIP"),
                        _processor("CloudWatchLogProcessing", DataMessageExtraction="true"),
                        _processor("AppendDelimiterToRecord"),
                    ],
                },
            },
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _deliver(self, errors_arn: Input[str]) -> list[iam.Statement]:
        """https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3"""
        args = self._args
        return [
            iam.allow(
                "Bucket",
                actions=[
                    "s3:GetBucketLocation",
                    "s3:ListBucket",
                    "s3:ListBucketMultipartUploads",
                ],
                resources=[args.archive.arn],
            ),
            iam.allow(
                "Lines",
                actions=["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
                resources=[args.archive.objects(LINES), args.archive.objects(FAILED)],
            ),
            iam.key_through(
                "s3",
                args.context.region,
                args.context.key_arn,
                "kms:Decrypt",
                "kms:GenerateDataKey",
                sid="Key",
            ).statement(),
            iam.allow("Errors", actions=["logs:PutLogEvents"], resources=[errors_arn]),
        ]

    def _role(
        self, part: str, trust: Mapping[str, Any], statements: list[iam.Statement]
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        name, child = f"{self._name}-{part}", ResourceOptions(parent=self)
        trusted = {"Effect": "Allow", "Action": "sts:AssumeRole", **trust}
        role = aws.iam.Role(name, assume_role_policy=iam.document([trusted]), opts=child)
        policy = aws.iam.RolePolicy(name, role=role.id, policy=iam.document(statements), opts=child)
        return role, policy


def _firehose(account_id: Input[str]) -> dict[str, Any]:
    """It says the account as external id:
    https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role"""
    return {
        "Principal": {"Service": "firehose.amazonaws.com"},
        "Condition": {"StringEquals": {"sts:ExternalId": account_id}},
    }


def _processor(kind: str, **parameters: str) -> Any:  # noqa: ANN401 - a deep name of the provider's
    return {
        "type": kind,
        "parameters": [
            {"parameter_name": name, "parameter_value": value} for name, value in parameters.items()
        ],
    }


def _late(name: str, stream_name: Output[str]) -> Alarm:
    """https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html"""
    return Alarm(
        name=name,
        issue="security",
        priority=Priority.UNNOTICED,
        metrics={
            "m": Metric(
                namespace="AWS/Firehose",
                name="DeliveryToS3.DataFreshness",
                dimensions={"DeliveryStreamName": stream_name},
                statistic="Maximum",
            )
        },
        threshold=LATE_SECONDS,
        action="Audit lines do not reach the archive: Firehose's log says why. It gives a line up "
        "after 24 hours; the function's log has it for logs.retention_days.",
    )
