"""Rotation: the platform's secrets change by themselves, and fill themselves at first."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from components import iam
from components.alarm import Alarm, Metric, Priority
from components.api.function import Function
from components.context import Context
from components.data import master_password
from components.data.database import Database
from components.security.secrets import ROTATION_DAYS, Secrets


@dataclass(frozen=True, kw_only=True)
class RotationArgs:
    """The master password is rotated where the stack keeps it; else RDS does it."""

    context: Context
    secrets: Secrets
    database: Database


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """A secret, and after how many days it changes."""

    arn: Output[str]
    days: int


class Rotation(ComponentResource):
    """One schedule a secret, all with one function, which Secrets Manager may call for these."""

    alarms: list[Alarm]

    def __init__(self, name: str, args: RotationArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:security:Rotation", name, None, opts)
        self._name, self._args = name, args
        self._own = args.database.own_secret_arn
        self._rotated = {
            str(secret): Rotated(arn=arn, days=ROTATION_DAYS[secret])
            for secret, arn in args.secrets.arns.items()
        }
        if self._own:
            self._rotated["master"] = Rotated(arn=self._own, days=master_password.ROTATION_DAYS)
        self.alarms = []
        self.register_outputs({})

    def grants(self, migrate: Function) -> list[iam.Grant]:
        """What the function that rotates may do. ``migrate`` tries the master password."""
        args = self._args
        grants = [
            iam.Grant(
                sid="Secrets",
                actions=[
                    "secretsmanager:DescribeSecret",
                    "secretsmanager:GetSecretValue",
                    "secretsmanager:PutSecretValue",
                    "secretsmanager:UpdateSecretVersionStage",
                ],
                resources=[rotated.arn for rotated in self._rotated.values()],
            ),
            iam.key_through(
                "secretsmanager",
                args.context.region,
                args.context.key_arn,
                "kms:Decrypt",
                "kms:GenerateDataKey",
                sid="SecretsKey",
            ),
        ]
        if self._own:
            grants += [args.database.grant_set_password(), migrate.grant_invoke()]
        return grants

    def rotate_with(self, function: Function) -> pulumi.Resource:
        """Have the function seed and rotate; call once. Readers wait for what is returned."""
        before = [self._seed(function), self._allow(function)]
        for secret, rotated in self._rotated.items():
            self._schedule(f"{self._name}-{secret}", rotated, function, before)
        self.alarms.append(_failures(self._name, function.name))
        return before[0]

    def _seed(self, function: Function) -> pulumi.Resource:
        """Again for a new secret, and for a restored database, which has an old password."""
        arns = {secret: rotated.arn for secret, rotated in self._rotated.items()}
        restored = {"database": self._args.database.resource_id} if self._own else {}
        return aws.lambda_.Invocation(
            f"{self._name}-seed",
            function_name=function.name,
            qualifier=function.alias_name,
            input=Output.json_dumps({"seed": list(arns.values())}),
            triggers={**arns, **restored},
            lifecycle_scope="CREATE_ONLY",
            opts=ResourceOptions(parent=self),
        )

    def _allow(self, function: Function) -> pulumi.Resource:
        """The function itself, not its alias: AWS speaks of "the ARN of the Lambda rotation
        function" and never of a qualified one. For any secret of this account and Region: of
        another than its own the function's role may do nothing.

        https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
        https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
        """
        context = self._args.context
        return aws.lambda_.Permission(
            self._name,
            action="lambda:InvokeFunction",
            function=function.name,
            principal="secretsmanager.amazonaws.com",
            source_account=context.account_id,
            source_arn=Output.format(
                "arn:aws:secretsmanager:{0}:{1}:secret:*", context.region, context.account_id
            ),
            opts=ResourceOptions(parent=self),
        )

    def _schedule(
        self, child: str, rotated: Rotated, function: Function, before: list[pulumi.Resource]
    ) -> None:
        aws.secretsmanager.SecretRotation(
            child,
            secret_id=rotated.arn,
            rotation_lambda_arn=function.arn,
            rotation_rules={"automatically_after_days": rotated.days},
            # A deploy rotates nothing. AWS then tries the function with testSecret alone, which
            # asks for a value to test.
            rotate_immediately=False,
            opts=ResourceOptions(parent=self, depends_on=before),
        )


def _failures(name: str, function_name: Output[str]) -> Alarm:
    """One failed step counts: what failed is tried again, and then left for a quarter.

    ``functions-failed`` hears of it too, wherever this one is left out; it tells the contacts for
    outages.
    """
    return Alarm(
        name=f"{name}-failures",
        issue="security",
        priority=Priority.DEGRADED,
        metrics={
            "m": Metric(
                namespace="AWS/Lambda",
                name="Errors",
                dimensions={"FunctionName": function_name},
                statistic="Sum",
            )
        },
        threshold=0,
        periods=1,
        action="A secret was not rotated, and the old value is in use: read the log of the "
        "rotation function, mend the cause and rotate again as docs/operations.md says.",
    )
