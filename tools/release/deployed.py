"""What a deployment needs before it begins, and what is deployed now: by the Pulumi CLI."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graph import readers
from tools import ExpectedError
from tools.release import pulumi

if TYPE_CHECKING:
    from graph.model import Graph

_ARN: Final = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):")


def read(stack: str, root: Path) -> "Graph | None":
    """The stack's state, None before its first deployment.

    Raises ExpectedError where there is no CLI, no login or no such stack.
    """
    pulumi.run(root, "whoami", way_out="`pulumi login`, or `pulumi login s3://<your state bucket>`")
    text = pulumi.run(
        root, "stack", "export", "--stack", stack, way_out=f"`pulumi stack init {stack}`"
    )
    return pulumi.read_by(readers.stack_export, text)


def saved(stack: str, file: Path) -> "Graph | None":
    """A state that ``pulumi stack export`` wrote, None from before the first deployment.

    Raises GraphError for anything else, and ExpectedError for another stack's.
    """
    state = readers.stack_export(file)
    if state and state.stack != stack:
        raise ExpectedError(f"{file} is of {state.stack}, not of {stack}")
    return state


def check_account(
    stack: str, region: str, deployed: "Graph | None", named: str | None = None
) -> str:
    """The account of the AWS credentials, asked of STS.

    Raises ExpectedError where there are none, or where the stack is deployed in another account,
    or names another in its file.
    """
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        once = Config(connect_timeout=5, read_timeout=5, retries={"total_max_attempts": 2})
        sts = boto3.client("sts", region_name=region, config=once)
        account = str(sts.get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise ExpectedError(
            f"AWS does not know who deploys {stack}: {error}; sign in, as by `aws sso login`"
        ) from error
    if named not in (None, account):
        raise ExpectedError(
            f"the AWS credentials are of account {account}, and account.id of Pulumi.{stack}.yaml "
            f"is {named}: choose that account's, as by AWS_PROFILE"
        )
    if others := {*_accounts(deployed)} - {account} if deployed else set():
        raise ExpectedError(
            f"the AWS credentials are of account {account}, and {stack} is deployed in "
            f"{', '.join(sorted(others))}: choose that account's, as by AWS_PROFILE"
        )
    return account


def _accounts(deployed: "Graph") -> Iterator[str]:
    """Those of what the stack made itself; what it is given may be another account's."""
    for resource in deployed.resources:
        arn = resource.outputs.get("arn")
        if not resource.external and isinstance(arn, str) and (found := _ARN.match(arn)):
            yield found[1]
