"""What the firewall blocked and counted, in a log group."""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.context import Context
from components.edge import EDGE_REGION

PREFIX = "aws-waf-logs-"
"""AWS WAF writes to log groups so named only:
https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html"""

REDACTED = ("authorization", "cookie")
KEPT = ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT", "CHALLENGE")
"""Whatever is merely allowed, nearly everything, is in CloudFront's access logs as well. The third
is a rule of one of AWS's groups that counts by our wish."""


@dataclass(frozen=True, kw_only=True)
class FirewallLogsArgs:
    """``key_arn`` is of a key in CloudFront's Region, where the logs are too."""

    context: Context
    web_acl_arn: Input[str]


class FirewallLogs(ComponentResource):
    """Without who was signed in: tokens and cookies do not get here."""

    def __init__(
        self, name: str, args: FirewallLogsArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:edge:FirewallLogs", name, None, opts)
        child = ResourceOptions(parent=self)
        group = aws.cloudwatch.LogGroup(
            name,
            name=f"{PREFIX}{args.context.identifier}",
            region=EDGE_REGION,
            retention_in_days=args.context.logs.retention_days,
            kms_key_id=args.context.key_arn,
            opts=child,
        )
        # The group's own: of those for a whole account there are ten. AWS would write one, too.
        policy = aws.cloudwatch.LogResourcePolicy(
            name,
            region=EDGE_REGION,
            resource_arn=group.arn,
            policy_document=iam.document([delivery_statement(group.arn, args.context.account_id)]),
            opts=child,
        )
        aws.wafv2.WebAclLoggingConfiguration(
            name,
            region=EDGE_REGION,
            resource_arn=args.web_acl_arn,
            log_destination_configs=[group.arn],
            redacted_fields=[{"single_header": {"name": header}} for header in REDACTED],
            logging_filter={
                "default_behavior": "DROP",
                "filters": [
                    {
                        "behavior": "KEEP",
                        "requirement": "MEETS_ANY",
                        "conditions": [{"action_condition": {"action": a}} for a in KEPT],
                    }
                ],
            },
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.register_outputs({})


def delivery_statement(group_arn: Input[str], account_id: Input[str]) -> iam.Statement:
    """What lets AWS deliver logs of this account's to the group.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
    """
    return iam.allow(
        "DeliverFirewall",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[Output.concat(group_arn, ":log-stream:*")],
        principal={"Service": "delivery.logs.amazonaws.com"},
        conditions={
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {
                "aws:SourceArn": Output.concat("arn:aws:logs:", EDGE_REGION, ":", account_id, ":*")
            },
        },
    )
