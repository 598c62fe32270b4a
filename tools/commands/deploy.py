"""Around a deployment: what is kept before it, whether it answers, and the way back."""

import sys
from typing import Annotated

import typer

from tools import ExpectedError
from tools.commands import given
from tools.commands.options import Json, Stack


def smoke(
    stack: Stack,
    url: Annotated[
        str | None, typer.Option(help="The public address; unsaid, what the stack exports.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(metavar="S", min=0, help="Seconds in which all must be well.")
    ] = 300,
    as_json: Json = False,
) -> None:
    """Ask the health endpoints through the CDN, until all are well or the time is over.

    Exit status: 0 all are well, 1 one is not, 2 there is nothing to ask.
    """
    given.stack(stack)
    from tools.release import deployed, smoke

    if url is None:
        state = deployed.read(stack, given.ROOT)
        url = str(state.outputs.get("url") or "") if state else ""
        if not url:
            raise ExpectedError(f"{stack} exports no url: deploy it first, or say --url")
    answers = smoke.check(url, seconds=timeout, say=_say)
    if as_json:
        sys.stdout.write(smoke.as_json(url, answers))
    else:
        sys.stdout.writelines(f"{each.line}\n" for each in answers)
    if not all(each.ok for each in answers):
        raise typer.Exit(1)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
