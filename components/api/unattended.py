"""Calls whose answer nobody waits for, and where they go when Lambda has given them up."""

import pulumi
import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

RETRIES, MAX_AGE_SECONDS = 2, 6 * 3600
"""Lambda's own, and the most there are.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html"""


class UnattendedError(pulumi.RunError):
    """Nobody waits for a function's answer, and the contract does not say whose failure it is."""

    def __init__(self, function: str) -> None:
        super().__init__(
            f"{function} is called by something that waits for no answer, and nobody is told what "
            "it fails to do: say whose incident that is, by `unattended` of its entry in "
            "contract/functions.py"
        )


def keep_failures(
    parent: Resource,
    name: str,
    *,
    function_name: Output[str],
    alias: Output[str],
    failures_arn: Input[str],
) -> None:
    """Of the alias, for that is what is called. Lambda asks the role whether it may send."""
    aws.lambda_.FunctionEventInvokeConfig(
        name,
        function_name=function_name,
        qualifier=alias,
        maximum_retry_attempts=RETRIES,
        maximum_event_age_in_seconds=MAX_AGE_SECONDS,
        destination_config={"on_failure": {"destination": failures_arn}},
        opts=ResourceOptions(parent=parent),
    )
