"""What a deployment needs before it begins, and what is deployed now: by the Pulumi CLI."""

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graph import readers
from tools import ExpectedError

if TYPE_CHECKING:
    from graph.model import Graph

INSTALL: Final = "https://www.pulumi.com/docs/install/"
_ARN: Final = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):")


def read(stack: str, root: Path) -> "Graph | None":
    """The stack's state, None before its first deployment.

    Raises ExpectedError where there is no CLI, no login or no such stack.
    """
    if shutil.which("pulumi") is None:
        raise ExpectedError(f"the Pulumi CLI is not on PATH: {INSTALL}")
    _pulumi(root, "whoami", way_out="`pulumi login`, or `pulumi login s3://<your state bucket>`")
    text = _pulumi(
        root, "stack", "export", "--stack", stack, way_out=f"`pulumi stack init {stack}`"
    )
    if not (json.loads(text).get("deployment") or {}).get("resources"):
        return None
    # In a folder that only we can read: a state says where everything is.
    with tempfile.TemporaryDirectory(prefix="ma-platform-") as folder:
        path = Path(folder) / f"{stack}.json"
        path.write_text(text, encoding="utf-8")
        return readers.stack_export(path)


def check_account(stack: str, region: str, deployed: "Graph | None") -> str:
    """The account of the AWS credentials, asked of STS.

    Raises ExpectedError where there are none, or where the stack is deployed in another account.
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


def _pulumi(root: Path, *command: str, way_out: str) -> str:
    result = subprocess.run(  # noqa: S603
        ["pulumi", *command, "--non-interactive"],  # noqa: S607
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        said = " ".join(result.stderr.split()).removeprefix("error: ")
        raise ExpectedError(f"`pulumi {' '.join(command)}` failed: {said}; perhaps {way_out}")
    return result.stdout
