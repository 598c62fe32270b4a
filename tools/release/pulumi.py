"""The Pulumi CLI, as a deployment has it on PATH."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from tools import ExpectedError

if TYPE_CHECKING:
    from graph.model import Graph
    from graph.readers import Refreshed

INSTALL: Final = "https://www.pulumi.com/docs/install/"
Read = TypeVar("Read")


def run(root: Path, *command: str, way_out: str) -> str:
    """What it writes. Raises ExpectedError with what it says where it fails, and the way out."""
    if shutil.which("pulumi") is None:
        raise ExpectedError(f"the Pulumi CLI is not on PATH: {INSTALL}")
    # Where the CLI runs the program it wants uv, as `make up` gives it.
    path = f"{root / '.uv/bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    result = subprocess.run(  # noqa: S603
        ["pulumi", *command, "--non-interactive"],  # noqa: S607
        cwd=root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        said = " ".join(_said(result).split()).removeprefix("error: ")
        raise ExpectedError(f"`pulumi {' '.join(command)}` failed: {said}; perhaps {way_out}")
    return result.stdout


def read_by(reader: Callable[[Path], Read], text: str) -> Read:
    """Have a reader of files read it, from a folder that only we can read: a state says where
    everything is."""
    with tempfile.TemporaryDirectory(prefix="ma-platform-") as folder:
        path = Path(folder) / "written.json"
        path.write_text(text, encoding="utf-8")
        return reader(path)


def preview(stack: str, root: Path) -> "Graph":
    """What the engine would deploy: it needs the archives, and opens the state's secrets."""
    from graph import readers

    flags = ["--json", "--show-sames"]
    way_out = "what it says of the program, or the state's secrets, which only deploying opens"
    text = run(root, "preview", "--stack", stack, *flags, way_out=way_out)
    return read_by(readers.preview, text)


def refreshed(stack: str, root: Path) -> "tuple[list[Refreshed], int]":
    """What is otherwise in AWS than the state has it: a look, which locks and writes nothing.

    Not `preview --refresh`: there what is found and what the program would do are told as one.
    """
    from graph import readers

    flags = ["--preview-only", "--json"]
    way_out = "AWS's credentials, or the state's secrets, which only some may open"
    return read_by(
        readers.refreshed, run(root, "refresh", "--stack", stack, *flags, way_out=way_out)
    )


def _said(result: subprocess.CompletedProcess[str]) -> str:
    """With ``--json`` a failed preview says why among its diagnostics."""
    try:
        found = json.loads(result.stdout)["diagnostics"]
        errors = [each["message"] for each in found if each["severity"] == "error"]
    except (ValueError, KeyError, TypeError):
        errors = []
    return "; ".join(errors) or result.stderr
