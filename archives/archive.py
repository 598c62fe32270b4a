"""Which zip a function runs from. Its name holds a digest of all that is in it: stale is missing.

The Pulumi program asks for it at every preview, so nothing is built and nothing need be installed.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from archives import ArchiveError, lock
from contract.function import Function

LAYOUT = "1"
"""Raise it when the packager makes something else of the same files and requirements."""
SHARED = ("contract", "functions/platform_runtime")
FOLDER = "build"


def path(function: Function, root: Path) -> Path:
    """The zip of the function as its sources and the lock file are now, built or not."""
    return root / FOLDER / f"{function.name}-{digest(function, root)}.zip"


def digest(function: Function, root: Path) -> str:
    """Names the archive's contents; neither times, permissions nor caches are part of it."""
    content = hashlib.sha256()
    for line in (LAYOUT, *requirements(function, root), *_fingerprints(function, root)):
        content.update(f"{line}\n".encode())
    return content.hexdigest()[:16]


def requirements(function: Function, root: Path) -> tuple[str, ...]:
    """Its locked dependencies with hashes: those of the dependency group of its name."""
    text = (root / "uv.lock").read_text(encoding="utf-8")
    return lock.requirements(text, function.name.replace("_", "-"))


def sources(function: Function, root: Path) -> dict[str, Path]:
    """Its own files by their name in the zip, which is their name in the repository, in order."""
    found = {"functions/__init__.py": root / "functions/__init__.py"}
    for folder in (*SHARED, *function.shares, f"functions/{function.name}"):
        found |= {file.relative_to(root).as_posix(): file for file in _files(root / folder)}
    return dict(sorted(found.items()))


def _fingerprints(function: Function, root: Path) -> Iterator[str]:
    for name, file in sources(function, root).items():
        yield f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}"


def _files(folder: Path) -> Iterator[Path]:
    """What the repository has below a folder; caches and editors' leavings are not its own."""
    if not folder.is_dir():
        raise ArchiveError(f"there is no folder {folder}")
    for current, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and name[0] != "."]
        yield from (Path(current, name) for name in files if name[0] != "." and name[-4:] != ".pyc")


def sql_digest(root: Path) -> str:
    """Names the state the migrations bring a database to."""
    content = hashlib.sha256()
    for file in sorted((root / "migrations").glob("*.sql")):
        content.update(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return content.hexdigest()[:16]
