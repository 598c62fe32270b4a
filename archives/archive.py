"""Which zip a function runs from. Its name holds a digest of all that is in it: stale is missing.

The Pulumi program asks for it at every preview, so nothing is built and nothing need be installed.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from archives import ArchiveError, contents, lock
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
    locked = contents.made(root / "uv.lock", lock.read)
    return lock.requirements(locked, function.name.replace("_", "-"))


def sources(function: Function, root: Path) -> dict[str, Path]:
    """Its own files by their name in the zip, which is their name in the repository, in order."""
    return {name: root / name for name in _names(function, root)}


def _fingerprints(function: Function, root: Path) -> Iterator[str]:
    for name in _names(function, root):
        yield f"{name} {contents.made(f'{root}/{name}', _fingerprint)}"


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _names(function: Function, root: Path) -> list[str]:
    folders = (*SHARED, *function.shares, f"functions/{function.name}")
    found = {name for folder in folders for name in _files(root, folder)}
    return sorted({"functions/__init__.py", *found})


def _files(root: Path, folder: str) -> Iterator[str]:
    """What the repository has below a folder; caches and editors' leavings are not its own."""
    if not (root / folder).is_dir():
        raise ArchiveError(f"there is no folder {root / folder}")
    for current, folders, files in os.walk(root / folder):
        folders[:] = [name for name in folders if name != "__pycache__" and name[0] != "."]
        inside = os.path.relpath(current, root)
        yield from (f"{inside}/{name}" for name in files if name[0] != "." and name[-4:] != ".pyc")


def sql_digest(root: Path) -> str:
    """Names the state the migrations bring a database to, whatever their line ends."""
    content = hashlib.sha256()
    for file in sorted((root / "migrations").glob("*.sql")):
        content.update(f"{file.name} {_fingerprint(_lines(file))}\n".encode())
    return content.hexdigest()[:16]


def _lines(file: Path) -> bytes:
    """As the function reads them that runs them."""
    return file.read_bytes().replace(b"\r\n", b"\n")
