"""A Lambda function with all that is its own: role, logs, and the alias it serves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.api.environment import environment
from components.api.execution import Execution
from components.api.function_alarms import count_failures
from components.api.unattended import UnattendedError, keep_failures
from components.api.warmth import keep_warm, scale_warmth
from components.context import Context
from config.sections import Functions
from contract.function import Function as Spec
from contract.settings import Setting

ALIAS = "live"
"""What is routed to and permitted, so that a roll-back moves one pointer."""

APPLICATION_LEVELS = {"DEBUG": "DEBUG"}
"""Lambda drops what is below its own level, by the program's level or INFO: audit and usage lines
are INFO, whatever the program's."""


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where functions in the VPC are.

    ``closed_group_id`` takes their interfaces over when a function is destroyed. AWS keeps those
    for some 20 minutes more, in which no group they are in can be deleted.
    """

    subnet_ids: Sequence[Input[str]]
    security_group_ids: Sequence[Input[str]]
    closed_group_id: Input[str]


@dataclass(frozen=True, kw_only=True)
class FunctionArgs:
    """``settings`` and ``placement`` are the platform's; the function takes what its spec names.

    ``reserved`` None leaves it to the account's common pool. ``archive`` is the path of its zip.
    New code takes over from old only after all of ``ready``. ``failures_arn`` is where calls go
    that nobody waited for and Lambda has given up.
    """

    context: Context
    spec: Spec
    config: Functions
    archive: str
    settings: Mapping[Setting, Input[str]]
    placement: Placement
    reserved: int | None = None
    provisioned: int = 0
    failures_arn: Input[str] | None = None
    grants: Sequence[iam.Grant] = ()
    ready: Sequence[pulumi.Resource] = ()


class Function(ComponentResource):
    """One function; callers are let in one by one, with ``allow_invoke``."""

    name: Output[str]
    arn: Output[str]
    alias_arn: Output[str]
    alias_invoke_arn: Output[str]
    role_arn: Output[str]
    log_group_name: Output[str]
    alias_name: Output[str]

    def __init__(self, name: str, args: FunctionArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:api:Function", name, None, opts)
        self._name, self._args = name, args
        variables = environment(args.spec, args.settings)
        group = aws.cloudwatch.LogGroup(
            name,
            retention_in_days=args.context.logs.retention_days,
            kms_key_id=args.context.key_arn,
            opts=ResourceOptions(parent=self),
        )
        count_failures(self, name, args.context.identifier, group.name)
        role, policy = Execution(
            context=args.context,
            log_group_arn=group.arn,
            failures_arn=args.failures_arn,
            in_vpc=args.spec.in_vpc,
        ).role(self, name, args.grants)
        function = self._function(variables, role, policy, group)
        self._alias = aws.lambda_.Alias(
            name,
            name=ALIAS,
            function_name=function.name,
            function_version=function.version,
            opts=ResourceOptions(parent=self, depends_on=args.ready),
        )
        if args.failures_arn is not None:
            keep_failures(
                self,
                name,
                function_name=function.name,
                alias=self._alias.name,
                failures_arn=args.failures_arn,
            )
        if args.provisioned:
            self._keep_warm()
        self.name, self.arn = function.name, function.arn
        self.alias_arn, self.alias_invoke_arn = self._alias.arn, self._alias.invoke_arn
        self.role_arn, self.log_group_name = role.arn, group.name
        self.alias_name = self._alias.name
        self.register_outputs(
            {
                "name": self.name,
                "arn": self.arn,
                "alias_arn": self.alias_arn,
                "alias_invoke_arn": self.alias_invoke_arn,
                "role_arn": self.role_arn,
                "log_group_name": self.log_group_name,
                "alias_name": self.alias_name,
            }
        )

    def grant_invoke(self) -> iam.Grant:
        """Let another function call this one's alias."""
        return iam.Grant(
            sid="Invoke", actions=["lambda:InvokeFunction"], resources=[self.alias_arn]
        )

    def allow_invoke(
        self,
        service: str,
        source_arn: Input[str],
        name: str,
        *,
        account_id: Input[str] | None = None,
    ) -> pulumi.Resource:
        """Let one resource of an AWS service call the alias; ``name`` tells callers apart.

        With ``account_id`` where the source's ARN does not say whose it is.
        """
        return aws.lambda_.Permission(
            f"{self._name}-{name}",
            action="lambda:InvokeFunction",
            function=self._alias.function_name,
            qualifier=self._alias.name,
            principal=service,
            source_arn=source_arn,
            source_account=account_id,
            opts=ResourceOptions(parent=self),
        )

    def _function(
        self,
        variables: Mapping[str, Input[str]],
        role: aws.iam.Role,
        policy: aws.iam.RolePolicy,
        group: aws.cloudwatch.LogGroup,
    ) -> aws.lambda_.Function:
        args, spec = self._args, self._args.spec
        function = partial(
            aws.lambda_.Function,
            self._name,
            role=role.arn,
            runtime="python3.13",
            architectures=["arm64"],
            handler=spec.handler,
            code=pulumi.FileArchive(args.archive),
            publish=True,
            memory_size=spec.memory_mb or args.config.memory_mb,
            timeout=spec.timeout_seconds,
            reserved_concurrent_executions=args.reserved,
            environment={"variables": variables},
            kms_key_arn=args.context.key_arn,
            tracing_config={"mode": "Active"},
            logging_config={
                "log_format": "JSON",
                "log_group": group.name,
                "application_log_level": APPLICATION_LEVELS.get(args.config.log_level, "INFO"),
                "system_log_level": "INFO",
            },
            # Lambda tries the role out when the function is made, and needs it until the
            # function's interfaces are gone.
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )
        if not spec.in_vpc:
            return function()
        return function(
            vpc_config={
                "subnet_ids": args.placement.subnet_ids,
                "security_group_ids": args.placement.security_group_ids,
            },
            replace_security_groups_on_destroy=True,
            replacement_security_group_ids=[args.placement.closed_group_id],
        )

    @property
    def failures_arn(self) -> Input[str]:
        """Where goes what is given up. Raises UnattendedError where its callers wait for it."""
        if self._args.failures_arn is None:
            raise UnattendedError(self._args.spec.name)
        return self._args.failures_arn

    def _keep_warm(self) -> None:
        args = self._args
        if args.config.sizing == "dedicated-high":
            most = args.reserved or args.provisioned
            scale_warmth(self, self._name, self._alias, least=args.provisioned, most=most)
        else:
            keep_warm(self, self._name, self._alias, args.provisioned)
