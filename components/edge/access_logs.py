"""CloudFront's access logs, delivered to a bucket by CloudWatch Logs (standard logging v2).

The older way needs a bucket with ACLs.
"""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.edge import EDGE_REGION

PREFIX = "cdn"
"""Also spares us a surprise: without a prefix AWS adds one of its own to new deliveries only.
https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2274"""


@dataclass(frozen=True, kw_only=True)
class AccessLogsArgs:
    """``bucket_arn`` is of a bucket whose policy has ``delivery_statement`` already.

    Where it does not, AWS writes one into the policy itself, and the next deploy takes it out.
    """

    distribution_arn: Input[str]
    bucket_arn: Input[str]


class AccessLogs(ComponentResource):
    """Every request as a line of JSON, in a folder a day."""

    def __init__(
        self, name: str, args: AccessLogsArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:edge:AccessLogs", name, None, opts)
        child = ResourceOptions(parent=self)
        source = aws.cloudwatch.LogDeliverySource(
            name,
            region=EDGE_REGION,
            log_type="ACCESS_LOGS",
            resource_arn=args.distribution_arn,
            opts=child,
        )
        destination = aws.cloudwatch.LogDeliveryDestination(
            name,
            region=EDGE_REGION,
            output_format="json",
            delivery_destination_configuration={
                "destination_resource_arn": Output.concat(args.bucket_arn, "/", PREFIX)
            },
            opts=child,
        )
        aws.cloudwatch.LogDelivery(
            name,
            region=EDGE_REGION,
            delivery_source_name=source.name,
            delivery_destination_arn=destination.arn,
            s3_delivery_configurations=[
                {
                    "suffix_path": "{DistributionId}/{yyyy}/{MM}/{dd}",
                    "enable_hive_compatible_path": False,
                }
            ],
            opts=child,
        )
        self.register_outputs({})


def delivery_statement(bucket_arn: Input[str], account_id: Input[str]) -> iam.Statement:
    """What the policy of a bucket that receives these logs must allow.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
    """
    return iam.allow(
        "DeliverCdn",
        actions=["s3:PutObject"],
        resources=[Output.concat(bucket_arn, "/", PREFIX, "/*")],
        principal={"Service": "delivery.logs.amazonaws.com"},
        conditions={
            "StringEquals": {
                "s3:x-amz-acl": "bucket-owner-full-control",
                "aws:SourceAccount": account_id,
            },
            "ArnLike": {
                "aws:SourceArn": Output.concat(
                    "arn:aws:logs:", EDGE_REGION, ":", account_id, ":delivery-source:*"
                )
            },
        },
    )
