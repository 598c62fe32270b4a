"""Writes ``site.release`` into a stack file and leaves every other character of it alone."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from config import reading
from config.problems import KEY
from config.stack import StackFile
from tools import ExpectedError

INDENT = 2


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A stack file before and after; nothing is written until ``write``."""

    path: Path
    before: str
    after: str

    def write(self) -> None:
        """At once or not at all: whoever reads meanwhile sees one whole file."""
        if self.after != self.before:
            _replace(self.path, self.after)

    def undo(self) -> None:
        """Put back what was there."""
        if self.after != self.before:
            _replace(self.path, self.before)


def edit(root: Path, stack: str, release: str) -> Edit:
    """The file with that release in it. Raises ExpectedError where only a person can tell how."""
    path = (root / f"Pulumi.{stack}.yaml").resolve()
    # As it is, line ends too.
    before = path.read_bytes().decode()
    return Edit(path=path, before=before, after=_with(before, release, path.name))


def with_release(file: StackFile, release: str) -> StackFile:
    """What the edited file means."""
    site = file.values.get("site") or {}
    return replace(file, values={**file.values, "site": {**site, "release": release}})


def _with(text: str, release: str, name: str) -> str:
    changed = _changed(text, release)
    wanted = reading.parse(text)
    stack = wanted["config"][KEY]
    stack["site"] = {**(stack.get("site") or {}), "release": release}
    try:
        found = reading.parse(changed)
    except reading.UnreadableError:
        found = None
    if found != wanted:
        raise ExpectedError(f"{name}: write site.release: {release} into it by hand, and run again")
    return changed


def _changed(text: str, release: str) -> str:
    stack = _value(_value(yaml.compose(text), "config"), KEY)
    site = _value(stack, "site")
    old = _value(site, "release")
    value = release if reading.parse(release) == release else f'"{release}"'
    if old is not None:
        return text[: old.start_mark.index] + value + text[old.end_mark.index :]
    if isinstance(site, yaml.MappingNode):
        return _added(text, site, {"release": value})
    if site is not None:
        # ``site:`` with nothing after it.
        inner = " " * (stack.value[0][0].start_mark.column + INDENT)
        at = site.start_mark.index
        return f"{text[:at]}{_newline(text)}{inner}release: {value}{text[at:]}"
    return _added(text, stack, {"site": {"release": value}})


def _added(text: str, mapping: Any, new: Mapping[str, Any]) -> str:  # noqa: ANN401  # a YAML node
    """One more key at the end of a mapping, or at the start of one in braces."""
    if mapping.flow_style or not mapping.value:
        at = mapping.start_mark.index + 1
        comma = ", " if mapping.value else ""
        return f"{text[:at]}{_braced(new)[1:-1]}{comma}{text[at:]}"
    newline = _newline(text)
    at = _end(text, mapping)
    lead = "" if text[:at].endswith("\n") else newline
    block = newline.join(_lines(new, mapping.value[0][0].start_mark.column))
    return f"{text[:at]}{lead}{block}{newline}{text[at:]}"


def _end(text: str, node: Any) -> int:  # noqa: ANN401  # a YAML node
    """Where the line after the node's last one begins."""
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    at: int = node.end_mark.index
    if at and text[at - 1] == "\n":
        return at
    line = text.find("\n", at)
    return len(text) if line < 0 else line + 1


def _lines(new: Mapping[str, Any], column: int) -> list[str]:
    lines = []
    for key, value in new.items():
        if isinstance(value, Mapping):
            lines += [f"{' ' * column}{key}:", *_lines(value, column + INDENT)]
        else:
            lines.append(f"{' ' * column}{key}: {value}")
    return lines


def _braced(new: Mapping[str, Any]) -> str:
    pairs = (
        f"{key}: {_braced(value) if isinstance(value, Mapping) else value}"
        for key, value in new.items()
    )
    return f"{{{', '.join(pairs)}}}"


def _value(node: Any, key: str) -> Any:  # noqa: ANN401  # a YAML node
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for name, value in pairs if name.value == key), None)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
        shutil.copymode(path, name)
        os.replace(name, path)  # both are on one file system
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
