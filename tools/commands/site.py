"""The site: what is released, and which release is served."""

from pathlib import Path
from typing import Annotated

import typer

from tools.commands import given
from tools.commands.options import DryRun, Json, Outputs, Stack


def bundle(
    path: Annotated[Path, typer.Argument(help="The folder with index.html.")],
    as_json: Json = False,
) -> None:
    """Check a built site: what is in it, and that it is not too big.

    Exit status: 0 it can be released, 1 it is too big, 2 it is no site.
    """
    from tools.release.site import commands

    if not commands.bundle(path, as_json=as_json):
        raise typer.Exit(1)


def release(
    stack: Stack,
    path: Annotated[Path, typer.Argument(help="The folder with index.html.")],
    release_id: Annotated[
        str | None, typer.Option("--id", help="Unsaid: the moment and a digest of the files.")
    ] = None,
    outputs: Outputs = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Upload a built site and have it served."""
    from tools.release.site import commands

    commands.release(
        given.stack(stack)[0],
        path,
        given.record,
        root=given.ROOT,
        release_id=release_id,
        outputs=outputs,
        dry_run=dry_run,
        as_json=as_json,
    )


def releases(stack: Stack, outputs: Outputs = None, as_json: Json = False) -> None:
    """List the releases of the site, the newest first."""
    from tools.release.site import commands

    commands.releases(
        given.stack(stack)[0], given.record, root=given.ROOT, outputs=outputs, as_json=as_json
    )


def rollback(
    stack: Stack,
    release_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Unsaid: the release before.")
    ] = None,
    outputs: Outputs = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Serve an earlier release of the site."""
    from tools.release.site import commands

    commands.rollback(
        given.stack(stack)[0],
        given.record,
        root=given.ROOT,
        release_id=release_id,
        outputs=outputs,
        dry_run=dry_run,
        as_json=as_json,
    )


def prune(
    stack: Stack,
    keep: Annotated[int, typer.Option(min=1, help="So many of the newest stay.")] = 10,
    days: Annotated[int, typer.Option(min=1, help="What is younger stays.")] = 30,
    outputs: Outputs = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Delete old releases of the site, and assets that no other needs."""
    from tools.release.site import commands

    commands.prune(
        given.stack(stack)[0],
        given.record,
        root=given.ROOT,
        keep=keep,
        days=days,
        outputs=outputs,
        dry_run=dry_run,
        as_json=as_json,
    )
