"""Jobs on a schedule: a function and what it is told, with retries and a place for what fails."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, ResourceOptions

from components import iam
from components.api.function import Function
from components.context import Context
from components.names import function_of
from contract.jobs import Job

RETRIES = 3
MAX_AGE_SECONDS = 3600
"""A job that cannot be started within the hour is for a person to look at."""


@dataclass(frozen=True, kw_only=True)
class JobsArgs:
    """``functions`` are by their names in the contract."""

    context: Context
    jobs: Mapping[str, Job]
    functions: Mapping[str, Function]


class Jobs(ComponentResource):
    """One schedule a job. What Scheduler cannot hand over goes where what the function fails to do
    goes."""

    def __init__(self, name: str, args: JobsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:operations:Jobs", name, None, opts)
        called = {
            job.function: function_of(args.functions, job.function, f"job {key}")
            for key, job in args.jobs.items()
        }
        role, policy = self._role(name, args.context, list(called.values()))
        for job_name, job in args.jobs.items():
            aws.scheduler.Schedule(
                f"{name}-{job_name.replace('_', '-')}",
                description=job.purpose,
                schedule_expression=job.schedule,
                schedule_expression_timezone="UTC",
                flexible_time_window={"mode": "OFF"},
                kms_key_arn=args.context.key_arn,
                target={
                    "arn": called[job.function].alias_arn,
                    "role_arn": role.arn,
                    "input": pulumi.Output.json_dumps(dict(job.event)),
                    "retry_policy": {
                        "maximum_retry_attempts": RETRIES,
                        "maximum_event_age_in_seconds": MAX_AGE_SECONDS,
                    },
                    "dead_letter_config": {"arn": called[job.function].failures_arn},
                },
                # Scheduler tries the role out when a schedule is made.
                opts=ResourceOptions(parent=self, depends_on=[policy]),
            )
        self.register_outputs({})

    def _role(
        self, name: str, context: Context, functions: list[Function]
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            name,
            assume_role_policy=iam.service_trust("scheduler.amazonaws.com", context.account_id),
            opts=ResourceOptions(parent=self),
        )
        statements = [
            iam.allow(
                "Invoke",
                actions=["lambda:InvokeFunction"],
                resources=[function.alias_arn for function in functions],
            ),
            iam.allow(
                "Failures",
                actions=["sqs:SendMessage"],
                # Functions of one class of incident share a queue.
                resources=list(dict.fromkeys(function.failures_arn for function in functions)),
            ),
            iam.allow(
                "Key",
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[context.key_arn],
            ),
        ]
        policy = aws.iam.RolePolicy(
            name, role=role.id, policy=iam.document(statements), opts=ResourceOptions(parent=self)
        )
        return role, policy
