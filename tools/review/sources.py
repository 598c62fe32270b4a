"""Where records come from: a file that a command wrote, a revision, or this checkout."""

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from config import reading
from config.stack import names
from graph import GraphError, readers, saved
from graph.model import Graph
from tools import ExpectedError

CACHE: Final = Path("build") / "records"
"""A revision's records do not change: each is made once."""
CALLERS: Final = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV"}
"""What another environment of Python must not be told."""
NEEDLESS: Final = [":!tests", ":!docs", ":!benchmarks"]
"""What no program reads."""
STACK_FILE: Final = re.compile(r"Pulumi\.(.+)\.yaml")
DEFAULT_BRANCHES: Final = ("main", "origin/main")


def merge_base(root: Path) -> str:
    """Where this branch left main. Raises ExpectedError outside a repository that has one."""
    for branch in DEFAULT_BRANCHES:
        found = _git(root, "merge-base", branch, "HEAD")
        if found is not None:
            return found
    raise ExpectedError(
        "there is no main to compare with: say --base REVISION, or --base FILE with a record"
    )


def file(path: Path) -> Graph | None:
    """A record from a file, told by what is in it: ``pulumi stack export``, ``pulumi preview
    --json`` or ``python -m tools preview --json``; None from before the first deployment."""
    try:
        content = path.read_bytes()
        text = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        data = json.loads(text)
    except (OSError, ValueError, EOFError):
        data = None
    if isinstance(data, dict) and "deployment" in data:
        return readers.stack_export(path)
    if isinstance(data, dict) and "steps" in data:
        return readers.preview(path)
    if isinstance(data, dict) and "resources" in data:
        return saved.read(path)
    raise GraphError(
        f"{path}: no record: neither `pulumi stack export`, `pulumi preview --json --show-sames` "
        "nor `python -m tools preview STACK --json` writes such a file"
    )


def stack_file(base: str | None, stack: str, root: Path) -> Mapping[str, Any] | None:
    """What the stack's file said at a revision; None where it is not in it, or of no revision."""
    name = base or merge_base(root)
    text = None if Path(name).is_file() else _git(root, "show", f"{name}:Pulumi.{stack}.yaml")
    if text is None:
        return None
    try:
        found = reading.parse(text)["config"]
        return next(value for key, value in found.items() if key.endswith(":stack"))  # type: ignore[no-any-return]
    except (AttributeError, KeyError, StopIteration, TypeError, reading.UnreadableError):
        return None


def left_behind(base: str | None, root: Path) -> list[str]:
    """The stacks that a revision has a file for and this checkout has none; of a file that is a
    record nothing is known."""
    name = base or merge_base(root)
    listed = None if Path(name).is_file() else _git(root, "ls-tree", "--name-only", name, "--")
    had = {found[1] for found in map(STACK_FILE.fullmatch, (listed or "").splitlines()) if found}
    return sorted(had - {*names(root)})


def revision(name: str, stacks: Sequence[str], root: Path) -> Mapping[str, Graph | None]:
    """What the program of a revision declares, None for stacks it has no file for.

    It is run from a copy of its own, with the packages that its lock file names.
    """
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    if commit is None:
        raise ExpectedError(
            f"{name} is no file and no revision: give a record, a branch, a tag or a commit"
        )
    files = _git(root, "ls-tree", "--name-only", commit, "--") or ""
    known = [stack for stack in stacks if f"Pulumi.{stack}.yaml" in files.splitlines()]
    tree = _git(root, "rev-parse", f"{commit}^{{tree}}") or commit
    kept = {stack: root / CACHE / f"{_key(tree, stack)}.json.gz" for stack in known}
    missing = [stack for stack in known if not kept[stack].exists()]
    if missing:
        with tempfile.TemporaryDirectory(prefix="ma-platform-") as folder:
            _copy(root, commit, Path(folder))
            for stack, record in _declared(Path(folder), root, missing, name):
                _keep(kept[stack], record)
    return {stack: saved.read(kept[stack]) if stack in kept else None for stack in stacks}


def _key(tree: str, stack: str) -> str:
    what = json.dumps([tree, stack, sys.version_info[:2]])
    return hashlib.sha256(what.encode()).hexdigest()[:24]


def _git(root: Path, *command: str) -> str | None:
    try:
        result = subprocess.run(  # noqa: S603
            ["git", *command],  # noqa: S607
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise ExpectedError("git is not on PATH: give files to compare instead") from None
    return result.stdout.strip() if result.returncode == 0 else None


def _copy(root: Path, commit: str, folder: Path) -> None:
    archive = subprocess.run(  # noqa: S603
        ["git", "archive", "--format=zip", "-0", commit, *NEEDLESS],  # noqa: S607
        cwd=root,
        capture_output=True,
        check=True,
    )
    with zipfile.ZipFile(io.BytesIO(archive.stdout)) as content:
        content.extractall(folder)


def _declared(
    folder: Path, root: Path, stacks: Sequence[str], name: str
) -> Iterator[tuple[str, bytes]]:
    """Each stack's record. One process for several is a third of the time, where the program of
    that revision takes several; where it does not, or one of them fails, each is run alone."""
    # What is compiled in a copy goes with it.
    command = [*_python(folder, root), "-B", "-m", "tools", "preview", "--json"]
    together = _run(command, folder, stacks) if len(stacks) > 1 else None
    if together and not together.returncode:
        for record in json.loads(together.stdout):
            yield record["stack"], json.dumps(record).encode()
        return
    for stack in stacks:
        result = _run(command, folder, [stack])
        if result.returncode:
            said = result.stderr.decode(errors="replace").strip()
            raise ExpectedError(f"the program of {name} does not declare {stack}:\n{said}")
        yield stack, result.stdout


def _run(
    command: Sequence[str], folder: Path, stacks: Sequence[str]
) -> subprocess.CompletedProcess[bytes]:
    environment = {k: v for k, v in os.environ.items() if k not in CALLERS}
    return subprocess.run(  # noqa: S603
        [*command, *stacks], cwd=folder, env=environment, capture_output=True, check=False
    )


def _python(folder: Path, root: Path) -> list[str]:
    """This environment where the lock file is the same; else one that uv makes."""
    if (folder / "uv.lock").read_bytes() == (root / "uv.lock").read_bytes():
        return [sys.executable]
    uv = shutil.which("uv") or shutil.which("uv", path=root / ".uv/bin")
    if uv is None:
        raise ExpectedError(
            "its lock file differs, and making its environment needs uv: `make setup` brings one"
        )
    return [uv, "run", "--quiet", "--frozen", "python"]


def _keep(path: Path, record: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    own = path.with_suffix(f".{os.getpid()}")
    own.write_bytes(gzip.compress(record, mtime=0))
    own.replace(path)
