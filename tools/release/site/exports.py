"""Where a stack's site is: its exports, from the Pulumi CLI or from a file that it wrote."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import ExpectedError


@dataclass(frozen=True, kw_only=True)
class Exports:
    """Those of the stack's exports that a release needs; ``site_config`` is a JSON document."""

    url: str
    site_bucket: str
    site_function: str
    source_maps: str
    site_config: str

    @property
    def maps(self) -> tuple[str, str]:
        """The bucket of source maps, and the prefix in it."""
        bucket, _, prefix = self.source_maps.removeprefix("s3://").partition("/")
        return bucket, prefix


def read(stack: str, root: Path, file: Path | None) -> Exports:
    """From ``file``, or from the CLI where none is named."""
    if file is None:
        return parse(_asked(stack, root), f"pulumi stack output --stack {stack}")
    try:
        return parse(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ExpectedError(f"{file}: {error}") from error


def parse(text: str, source: str) -> Exports:
    """The exports in a JSON object. Raises ExpectedError naming ``source``."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise ExpectedError(f"{source}: not JSON: {error}") from error
    values: Mapping[str, Any] = found if isinstance(found, dict) else {}
    names = list(Exports.__dataclass_fields__)
    # A version of the CLI shows a text that is JSON as what it says.
    texts = {n: json.dumps(v) if isinstance(v := values.get(n), dict) else v for n in names}
    missing = [name for name, value in texts.items() if not (isinstance(value, str) and value)]
    if missing:
        raise ExpectedError(f"{source}: no {', '.join(missing)}: deploy the stack first")
    exports = Exports(**{name: str(value) for name, value in texts.items()})
    if not exports.url.startswith("https://") or not exports.source_maps.startswith("s3://"):
        raise ExpectedError(f"{source}: url begins with https://, source_maps with s3://")
    return exports


def refresh(stack: str, urn: str, root: Path) -> bool:
    """Have Pulumi's state know one resource as it is now; whether it does."""
    if not shutil.which("pulumi"):
        return False
    flags = ["--target", urn, "--yes", "--skip-preview", "--non-interactive"]
    return _pulumi("refresh", "--stack", stack, *flags, root=root).returncode == 0


def _asked(stack: str, root: Path) -> str:
    if not shutil.which("pulumi"):
        raise ExpectedError(
            "no Pulumi CLI on PATH: install it, or say --outputs FILE, "
            f"made where there is one by `pulumi stack output --json --stack {stack}`"
        )
    done = _pulumi("stack", "output", "--json", "--stack", stack, root=root)
    if done.returncode:
        said = (done.stderr.strip() or "it failed").splitlines()[-1]
        raise ExpectedError(f"pulumi stack output --stack {stack}: {said}")
    return done.stdout


def _pulumi(*arguments: str, root: Path) -> subprocess.CompletedProcess[str]:
    # Where the CLI runs the program it wants uv, as `make up` gives it.
    path = f"{root / '.uv/bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(  # noqa: S603
        ["pulumi", *arguments],  # noqa: S607
        cwd=root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
