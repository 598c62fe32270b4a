"""The role API Gateway writes a Region's logs with: one of an account, for all its APIs."""

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from components import iam
from components.api.gateway import SERVICE
from components.context import Context


class ApiLogRole(ComponentResource):
    """Without it no WebSocket stage can be made that logs; ``account`` is what they wait for.

    The setting is the account's in that Region.
    """

    account: aws.apigateway.Account

    def __init__(self, name: str, args: Context, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:api:ApiLogRole", name, None, opts)
        role = aws.iam.Role(
            name,
            # API Gateway does not say for whom it assumes a role:
            # https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/pull/479
            assume_role_policy=iam.service_trust(SERVICE, None),
            opts=ResourceOptions(parent=self),
        )
        policy = aws.iam.RolePolicy(
            name,
            role=role.id,
            policy=iam.document([_write_logs(args)]),
            opts=ResourceOptions(parent=self),
        )
        self.account = aws.apigateway.Account(
            name,
            cloudwatch_role_arn=role.arn,
            # API Gateway tries the role out and refuses one that cannot write yet.
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )
        self.register_outputs({"account": self.account.id})


def _write_logs(args: Context) -> iam.Statement:
    """AWS's own AmazonAPIGatewayPushToCloudWatchLogs, in one Region of one account.

    No log group can be named: APIs to come use the same role, and execution logs make their own.
    """
    return iam.allow(
        "WriteLogs",
        actions=[
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
            "logs:GetLogEvents",
            "logs:FilterLogEvents",
        ],
        resources=[Output.format("arn:aws:logs:{0}:{1}:log-group:*", args.region, args.account_id)],
    )
