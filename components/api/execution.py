"""What a function's role allows: its grants, and what Lambda itself does in the function's name."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components import iam
from components.context import Context

INTERFACE_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)


@dataclass(frozen=True, kw_only=True)
class Execution:
    """A function's surroundings, as its role must name them."""

    context: Context
    log_group_arn: Input[str]
    failures_arn: Input[str] | None
    in_vpc: bool

    def role(
        self, parent: Resource, name: str, grants: Sequence[iam.Grant]
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        """The role, and the policy the function has to wait for.

        Lambda says the account when it assumes a role, but for a function in a VPC that is new to
        it: https://github.com/aws/aws-parallelcluster/pull/6926
        """
        role = aws.iam.Role(
            name,
            assume_role_policy=iam.service_trust(
                "lambda.amazonaws.com", None if self.in_vpc else self.context.account_id
            ),
            opts=ResourceOptions(parent=parent),
        )
        policy = aws.iam.RolePolicy(
            name,
            role=role.id,
            policy=self.policy(grants),
            opts=ResourceOptions(parent=parent),
        )
        return role, policy

    def policy(self, grants: Sequence[iam.Grant]) -> Output[str]:
        """The role's one policy."""
        own = [self._logs(), _traces(), *self._failures()]
        if self.in_vpc:
            own.append(_interfaces())
        return iam.document([*own, *(grant.statement() for grant in grants)])

    def _logs(self) -> iam.Statement:
        return iam.allow(
            "Logs",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[Output.concat(self.log_group_arn, ":*")],
        )

    def _failures(self) -> list[iam.Statement]:
        """Lambda sends with the function's role, so the role needs the queue's key too."""
        if self.failures_arn is None:
            return []
        return [
            iam.allow("Failures", actions=["sqs:SendMessage"], resources=[self.failures_arn]),
            iam.allow(
                "FailuresKey",
                actions=["kms:GenerateDataKey", "kms:Decrypt"],
                resources=[self.context.key_arn],
                conditions={
                    "StringEquals": {"kms:ViaService": f"sqs.{self.context.region}.amazonaws.com"}
                },
            ),
        ]


def _traces() -> iam.Statement:
    """X-Ray knows no resource to name:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html"""
    return iam.allow(
        "Traces",
        actions=["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
        resources=["*"],
    )


def _interfaces() -> iam.Statement:
    """AWSLambdaVPCAccessExecutionRole without its logs, and for Lambda alone.

    Lambda asks for all of EC2's resources, but never says a source function when it makes
    interfaces; the function's own code always does, and so cannot:
    https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html"""
    return iam.allow(
        "Interfaces",
        actions=INTERFACE_ACTIONS,
        resources=["*"],
        conditions={"Null": {"lambda:SourceFunctionArn": "true"}},
    )
