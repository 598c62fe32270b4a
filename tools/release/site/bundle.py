"""A built site on disk: what is in it, and whether it can be released."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from contract.site import FILES
from tools import ExpectedError

INDEX = "index.html"
CONFIG = "config.json"
ASSETS = "assets/"
KB = 1000
"""Bytes, as build tools count them, not blocks of a file system."""
MOST_KB = 5000
MOST_CHUNK_KB = 500
CHUNKS = (".js", ".mjs", ".css")
SHOWN = 3

HASHED = re.compile(r"[.-][A-Za-z0-9_-]{8,}(\.[a-z0-9]+)+$")
NAME = re.compile(r"[A-Za-z0-9_@~+-][A-Za-z0-9._@~+-]*|\.well-known")
INLINE_MAP = re.compile(rb"[#@]\s*sourceMappingURL=data:")


@dataclass(frozen=True)
class File:
    """``path`` is below the bundle's folder, with slashes."""

    path: str
    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """``assets`` are named after their contents and shared by all releases; ``own`` files are one
    release's, ``index.html`` the last; ``maps`` are for those who debug."""

    assets: tuple[File, ...]
    own: tuple[File, ...]
    maps: tuple[File, ...]

    @cached_property
    def digest(self) -> str:
        """Changes with any file that is served."""
        lines = [f"{file.path} {file.sha256}\n" for file in (*self.assets, *self.own)]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def size_bytes(self) -> int:
        """Of what is served, before compression."""
        return sum(len(file.body) for file in (*self.assets, *self.own))

    @property
    def chunks(self) -> list[File]:
        """Of code and style, which a browser reads whole before it goes on."""
        return [file for file in (*self.assets, *self.own) if file.path.endswith(CHUNKS)]

    @property
    def index(self) -> File:
        return self.own[-1]

    def with_config(self, text: str) -> "Bundle":
        """The stack's configuration in the place of what the build may have left there."""
        others = [file for file in self.own[:-1] if file.path != CONFIG]
        own = (*others, File(CONFIG, text.encode()), self.index)
        return Bundle(assets=self.assets, own=own, maps=self.maps)


def read(folder: Path) -> Bundle:
    """Read a built site. Raises ExpectedError if it cannot be one."""
    if not (folder / INDEX).is_file():
        raise ExpectedError(f"{folder}: no {INDEX} in it: give the folder that the build wrote")
    found = _files(folder)
    maps = tuple(file for file in found if file.path.endswith(".map"))
    served = [file for file in found if not file.path.endswith(".map")]
    own = [file for file in served if not file.path.startswith(ASSETS)]
    bundle = Bundle(
        assets=tuple(file for file in served if file.path.startswith(ASSETS)),
        own=tuple(sorted(own, key=lambda file: (file.path == INDEX, file.path))),
        maps=maps,
    )
    refuse(folder, list(_wrong(bundle)))
    return bundle


def too_big(bundle: Bundle) -> list[str]:
    """What of it is over a limit, as sentences."""
    found = [
        f"{file.path} is {kb(len(file.body))}: a chunk has at most {MOST_CHUNK_KB} KB, split it"
        for file in bundle.chunks
        if len(file.body) > MOST_CHUNK_KB * KB
    ]
    if bundle.size_bytes > MOST_KB * KB:
        found.append(f"all files are {kb(bundle.size_bytes)}: a site has at most {MOST_KB} KB")
    return found


def refuse(folder: Path, problems: list[str]) -> None:
    """Raise ExpectedError with the first few on one line, if there are any."""
    if problems:
        more = f"; and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
        raise ExpectedError(f"{folder}: {'; '.join(problems[:SHOWN])}{more}")


def _files(folder: Path) -> list[File]:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise ExpectedError(f"{path}: a link: a release holds files only")
        if path.is_file():
            found.append(File(path.relative_to(folder).as_posix(), path.read_bytes()))
    return sorted(found, key=lambda file: file.path)


def _wrong(bundle: Bundle) -> Iterator[str]:
    for file in (*bundle.assets, *bundle.own, *bundle.maps):
        parts = PurePosixPath(file.path).parts
        if not all(NAME.fullmatch(part) for part in parts):
            yield f"{file.path}: hidden, or a name that addresses cannot hold as it is"
    for file in bundle.own:
        if PurePosixPath(file.path).suffix.lower().removeprefix(".") not in FILES:
            yield f"{file.path}: {INDEX} is answered for it: name its end in contract/site.py"
    for file in bundle.assets:
        if not HASHED.search(PurePosixPath(file.path).name):
            yield f"{file.path}: browsers keep it for a year, so its name must hold a hash"
    for file in (*bundle.assets, *bundle.own):
        if file.path.endswith(CHUNKS) and INLINE_MAP.search(file.body):
            yield f"{file.path}: it holds its source map: have the build write maps beside it"


def kb(size: int) -> str:
    """In the unit of the limits."""
    return f"{size / KB:.1f} KB"
