"""Puts functions back to the version they had: each one's alias moves, and nothing else.

Pulumi's state is not told. A deployment that moves an alias clears the description too, for the
provider sends the one the program has, which is none:
https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/alias.go
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from graph.model import Graph, Resource
from tools.release.site.aws import client, plainly

ALIAS: Final = "aws:lambda/alias:Alias"
SAID: Final = "Put back from version"
"""How the description of an alias begins that this has moved."""
LONGEST: Final = 256
"""https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html"""

Outcome = Literal["put back", "would be put back", "where it was", "not put back"]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What became of one function's alias; ``version`` is the one it had."""

    function: str
    alias: str
    version: str
    outcome: Outcome
    said: str

    @property
    def line(self) -> str:
        """As it is printed."""
        return f"{self.function}:{self.alias}  {self.outcome}: {self.said}"


def revert(
    before: Graph, region: str, *, now: datetime, reason: str | None, dry_run: bool
) -> Iterator[Moved]:
    """Move each alias that has moved since. What fails is said, and the others go on; begun again
    after an interruption it moves the rest."""
    from botocore.exceptions import ClientError

    aws = client("lambda", region)
    for alias in before.by_type(ALIAS):
        function, name, version = (
            str(_known(alias, key)) for key in ("functionName", "name", "functionVersion")
        )
        with plainly(f"putting {function} back"):
            try:
                outcome, said = _move(
                    aws, function, name, version, now=now, reason=reason, dry_run=dry_run
                )
            except ClientError as error:
                outcome, said = "not put back", " ".join(str(error).split())
        yield Moved(function=function, alias=name, version=version, outcome=outcome, said=said)


def as_json(stack: str, moved: list[Moved], *, dry_run: bool) -> str:
    """For a workflow."""
    values = {"stack": stack, "dry_run": dry_run, "aliases": [asdict(each) for each in moved]}
    return json.dumps(values, indent=2) + "\n"


def _move(
    aws: Any,  # noqa: ANN401  # boto3 has no types
    function: str,
    alias: str,
    version: str,
    *,
    now: datetime,
    reason: str | None,
    dry_run: bool,
) -> tuple[Outcome, str]:
    try:
        is_now = aws.get_alias(FunctionName=function, Name=alias)
    except aws.exceptions.ResourceNotFoundException:
        return "not put back", "the alias is gone"
    since = is_now["FunctionVersion"]
    if since == version:
        return "where it was", f"version {version}"
    try:
        aws.get_function_configuration(FunctionName=function, Qualifier=version)
    except aws.exceptions.ResourceNotFoundException:
        return "not put back", f"version {version} is gone; version {since} stays"
    said = f"from version {since} to {version}"
    if dry_run:
        return "would be put back", said
    aws.update_alias(
        FunctionName=function,
        Name=alias,
        FunctionVersion=version,
        Description=_described(since, now, reason),
        # Nobody else moves it meanwhile.
        RevisionId=is_now["RevisionId"],
    )
    return "put back", said


def _described(since: str, now: datetime, reason: str | None) -> str:
    """Since when and why, for whoever finds it, and for ``drift``."""
    why = f": {' '.join(reason.split())}" if reason else ""
    return f"{SAID} {since} on {now:%Y-%m-%dT%H:%M:%SZ}{why}"[:LONGEST]


def _known(alias: Resource, key: str) -> object:
    return alias.outputs.get(key, alias.inputs.get(key))
