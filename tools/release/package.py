"""Builds the zips ``archive`` names: the same inputs and zlib make the same bytes.

What exists is not built again. Older zips stay: an alias may still be rolled back to one.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from archives import archive, lock
from contract.function import Function
from contract.functions import FUNCTIONS
from tools import ExpectedError, progress

ROOT = Path(__file__).resolve().parents[2]
PLATFORM = "aarch64-manylinux_2_34"
"""Lambda's Python 3.13 runs on Amazon Linux 2023, which has glibc 2.34:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip can express."""
KEPT_METADATA = ("METADATA", "LICENSE", "licenses")
"""A package may ask for its own version; its licence goes where it goes."""
LEFT_OUT = (".pyc", ".pyi", ".js", ".css")
"""Caches of another Python, stubs, and half a megabyte of pages Powertools can serve."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """One function's zip; ``built`` is false where it already was."""

    function: str
    digest: str
    path: Path
    size_bytes: int
    seconds: float
    built: bool


def run(names: Sequence[str], *, as_json: bool = False, root: Path = ROOT) -> None:
    """Build, and say what was built."""
    with progress.steps() as say:
        archives = build(names, root, starting=lambda name: say(f"packaging {name}"))
    if as_json:
        print(json.dumps([{**asdict(a), "path": _shown(a, root)} for a in archives], indent=2))
        return
    for made in archives:
        how = f"built in {made.seconds:.1f} s" if made.built else "as it was"
        print(f"{made.size_bytes / 1e6:6.2f} MB  {_shown(made, root)}  {how}")
    print(f"{sum(made.size_bytes for made in archives) / 1e6:6.2f} MB  in all")


def prepare(root: Path = ROOT) -> None:
    """Have all archives there, for an engine that hashes them."""
    with progress.steps() as say:
        build([], root, starting=lambda name: say(f"packaging {name}"))


def build(
    names: Sequence[str], root: Path = ROOT, *, starting: Callable[[str], None] = lambda _: None
) -> list[Archive]:
    """Make the zips of these functions, of all if none is named; ``starting`` hears of each."""
    unknown = sorted(set(names) - set(FUNCTIONS))
    if unknown:
        raise ExpectedError(
            f"no function {', '.join(unknown)}: add it to FUNCTIONS in contract/functions.py, "
            f"or name one of: {', '.join(FUNCTIONS)}"
        )
    made = []
    for name in names or FUNCTIONS:
        made.append(_build(FUNCTIONS[name], root, starting))
    return made


def _build(function: Function, root: Path, starting: Callable[[str], None]) -> Archive:
    started = time.perf_counter()
    target = archive.path(function, root)
    missing = not target.exists()
    if missing:
        starting(function.name)
        with tempfile.TemporaryDirectory() as folder:
            install(archive.requirements(function, root), Path(folder), uv())
            write(target, [*archive.sources(function, root).items(), *_dependencies(Path(folder))])
    return Archive(
        function=function.name,
        digest=target.stem.removeprefix(f"{function.name}-"),
        path=target,
        size_bytes=target.stat().st_size,
        seconds=round(time.perf_counter() - started, 2),
        built=missing,
    )


def install(requirements: Sequence[str], folder: Path, installer: str) -> None:
    """Lay out Lambda's wheels of these requirements, each checked against its hash."""
    listed = folder / "requirements.txt"
    listed.write_text("\n".join(requirements), encoding="utf-8")
    command = [installer, "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--python", sys.executable]
    command += ["--python-version", lock.PYTHON, "--python-platform", PLATFORM]
    command += ["--target", str(folder), "--requirements", str(listed)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    listed.unlink()
    if result.returncode:
        raise ExpectedError(f"uv could not install the locked wheels:\n{result.stderr.strip()}")


def uv() -> str:
    """The uv on PATH, or the one in the repository's ``.uv``."""
    found = shutil.which("uv") or shutil.which("uv", path=ROOT / ".uv/bin")
    if found is None:
        raise ExpectedError(
            "packaging needs uv: install it from https://docs.astral.sh/uv/ or with pip"
        )
    return found


def write(target: Path, files: Iterable[tuple[str, Path]]) -> None:
    """A zip that depends on names and contents alone; it appears whole or not at all."""
    target.parent.mkdir(exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}.part")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
            for name, file in sorted(files):
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.create_system = 3
                entry.external_attr = 0o100644 << 16
                zipped.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _shown(made: Archive, root: Path) -> str:
    return made.path.relative_to(root).as_posix()


def _dependencies(folder: Path) -> Iterator[tuple[str, Path]]:
    """What of an installation a function needs: no scripts, tests, records, nor LEFT_OUT."""
    for file in folder.rglob("*"):
        name = file.relative_to(folder)
        first, parents = name.parts[0], name.parts[:-1]
        if not file.is_file() or first == "bin" or name.name.startswith("."):
            continue
        if {"__pycache__", "tests"} & set(parents) or file.suffix in LEFT_OUT:
            continue
        if first.endswith(".dist-info") and name.parts[1] not in KEPT_METADATA:
            continue
        yield name.as_posix(), file
