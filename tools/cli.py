"""The front end: which command is which function, and how an error ends one.

Exit status: 0 answered, 1 answered and found wanting, 2 could not be answered.
"""

import gc
import os
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from archives import ArchiveError
from graph import GraphError
from tools import ExpectedError
from tools.commands import build, deploy, given, review, site, stacks

DEBUG = "TOOLS_DEBUG"

app = typer.Typer(
    help="Look at the platform, judge what a change does to it, release its site.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (
    review.preview,
    review.envs,
    review.policy,
    review.diff,
    review.report,
    stacks.stacks,
    stacks.check,
    stacks.new_stack,
    deploy.gate,
    deploy.backup,
    deploy.smoke,
    deploy.revert,
    deploy.drift,
    site.bundle,
    site.release,
    site.releases,
    site.rollback,
    site.prune,
    build.package,
    build.schema,
    build.controls,
    build.reports,
):
    app.command()(command)


@app.callback()
def options(
    debug: Annotated[
        bool, typer.Option("--debug", envvar=DEBUG, help="Show tracebacks of unexpected errors.")
    ] = False,
) -> None:
    if debug:
        os.environ[DEBUG] = "1"


def main() -> None:
    """Run a command; an error is one message on stderr, never a traceback unless asked for."""
    # A command lives for seconds, and collecting what a provider's SDK defines is half of them.
    gc.disable()
    try:
        app(prog_name="python -m tools")
    except (ExpectedError, GraphError, ArchiveError) as error:
        _fail(str(error))
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        _fail(f"{type(error).__name__}: {error}{_place(error)}; --debug, said first, shows more")
    finally:
        gc.freeze()


def _place(error: Exception) -> str:
    """The last line of our own that the error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        f for f in frames if f.filename.startswith(f"{given.ROOT}/") and "/.venv/" not in f.filename
    ]
    return f" ({Path(own[-1].filename).relative_to(given.ROOT)}:{own[-1].lineno})" if own else ""


def _fail(message: str) -> None:
    print(f"error: {message}", file=sys.stderr)
    sys.exit(2)
