"""What uv's lock file holds for Lambda: Python 3.13 on Linux, arm64."""

import ast
import operator
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from archives import ArchiveError

PROJECT = "ma-platform"
PYTHON = "3.13"
ENVIRONMENT: Mapping[str, str] = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "aarch64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": f"{PYTHON}.0",
    "python_version": PYTHON,
    "sys_platform": "linux",
}
"""https://packaging.python.org/en/latest/specifications/dependency-specifiers/"""

Package = Mapping[str, Any]
Lock = Mapping[str, list[str]]
"""Each package's entries by its name, as they are written."""

_ENTRY = "\n[[package]]\n"


def read(content: bytes) -> Lock:
    """Take a lock file apart, each package to be parsed when asked for: all of it takes 40 ms,
    and functions need a tenth."""
    lock: dict[str, list[str]] = {}
    for entry in content.decode().split(_ENTRY)[1:]:
        name = entry.split('"', 2)[1]
        lock.setdefault(name, []).append(entry)
    return lock


@cache
def package(entry: str) -> Package:
    """What a package's entry says."""
    parsed: list[Package] = tomllib.loads(f"{_ENTRY}{entry}")["package"]
    return parsed[0]


def requirements(lock: Lock, group: str) -> tuple[str, ...]:
    """A dependency group and all it needs, as a requirements file's lines with hashes."""
    groups = package(lock[PROJECT][0]).get("dev-dependencies", {})
    if group not in groups:
        raise ArchiveError(
            f'no dependency group {group}: add `{group} = [{{ include-group = "runtime" }}]` '
            "to pyproject.toml and run `uv lock`"
        )
    found: dict[str, Package] = {}
    waiting = list(groups[group])
    while waiting:
        dependency = waiting.pop()
        if not applies(dependency.get("marker", "")):
            continue
        needed = _locked(lock, dependency)
        extras = needed.get("optional-dependencies", {})
        waiting += [d for extra in dependency.get("extra", []) for d in extras[extra]]
        if needed["name"] not in found:
            found[needed["name"]] = needed
            waiting += needed.get("dependencies", [])
    return tuple(_requirement(found[name]) for name in sorted(found))


@cache
def applies(marker: str) -> bool:
    """Whether a dependency's marker, as uv writes it, holds in Lambda."""
    return not marker or _holds(ast.parse(marker, mode="eval").body)


def _locked(lock: Lock, dependency: Package) -> Package:
    """The one locked version: a lock may hold several, for different Pythons."""
    found = [
        candidate
        for candidate in map(package, lock[dependency["name"]])
        if candidate["version"] == dependency.get("version", candidate["version"])
        and any(map(applies, candidate.get("resolution-markers", [""])))
    ]
    if len(found) != 1:
        raise ArchiveError(f"uv.lock has {len(found)} of {dependency['name']} for Lambda")
    return found[0]


def _requirement(package: Package) -> str:
    name = f"{package['name']}=={package['version']}"
    wheels = sorted(w["hash"] for w in package.get("wheels", []) if runs(w["url"]))
    if not wheels:
        raise ArchiveError(f"{name} has no wheel for Python {PYTHON} on Linux, arm64")
    return " ".join([name, *(f"--hash={digest}" for digest in wheels)])


def runs(wheel: str) -> bool:
    """Whether a wheel's file name says it runs in Lambda."""
    python, abi, platform = wheel.removesuffix(".whl").split("-")[-3:]
    tag = f"cp{PYTHON.replace('.', '')}"
    return (
        (abi in {"none", "abi3"} or tag in abi.split("."))
        and (abi == "abi3" or not {"py3", tag}.isdisjoint(python.split(".")))
        and (platform == "any" or ("manylinux" in platform and "aarch64" in platform))
    )


def _holds(node: ast.expr) -> bool:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(map(_holds, parts))
        case ast.BoolOp(op=ast.Or(), values=parts):
            return any(map(_holds, parts))
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            return _compare(left, comparison, right)
    raise ValueError(f"not a marker: {ast.unparse(node)}")


def _compare(left: ast.expr, comparison: ast.cmpop, right: ast.expr) -> bool:
    names = {node.id for node in (left, right) if isinstance(node, ast.Name)}
    one, other = _value(left), _value(right)
    if not names & {"python_version", "python_full_version"}:
        return _TEXT[type(comparison)](one, other)
    if other.endswith(".*"):
        one, other = ".".join(one.split(".")[: other.count(".")]), other.removesuffix(".*")
    return _ORDER[type(comparison)](tuple(_numbers(one)), tuple(_numbers(other)))


def _value(node: ast.expr) -> str:
    return ENVIRONMENT[node.id] if isinstance(node, ast.Name) else str(ast.literal_eval(node))


def _numbers(version: str) -> Iterator[int]:
    """Three of them, so that 3.13 equals 3.13.0."""
    yield from map(int, f"{version}.0.0".split(".")[:3])


_ORDER: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_TEXT: Mapping[type[ast.cmpop], Callable[[str, str], bool]] = {
    **_ORDER,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}
