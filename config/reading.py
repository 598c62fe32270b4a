"""Reads YAML as Pulumi's engine does, so that a stack file says one thing to it and to the tools.

The engine's parser is yaml.v3, whose plain words are those of YAML 1.2, and octal numbers of both:
https://pkg.go.dev/gopkg.in/yaml.v3#hdr-Compatibility. It hands values on as JSON. What it would
take and no stack needs is refused: tags, keys that are no text, more than one document.
"""

import re
from contextlib import suppress
from datetime import date
from math import inf, isinf
from pathlib import Path
from typing import Any, Final

import yaml

MOST_BYTES: Final = 100_000
MOST_VALUES: Final = 10_000
"""With aliases written out: ten lines of them can stand for billions of values."""
MOST_LEVELS: Final = 50
DAY: Final = " 00:00:00 +0000 UTC"
"""What the engine adds to a day, having no such kind of value: Go's time.Time as text."""

_PLAIN: Final = "plain"
_WORDS: Final[dict[str, Any]] = (
    dict.fromkeys(("", "~", "null", "Null", "NULL"))
    | dict.fromkeys(("true", "True", "TRUE"), True)
    | dict.fromkeys(("false", "False", "FALSE"), False)
)
_NO_JSON: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_OCTAL: Final = re.compile(r"[-+]?0[oO]?[0-7]+")
_INTEGER: Final = re.compile(r"[-+]?(0[bB][01]+|0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)")
_NUMBER: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


class UnreadableError(Exception):
    """A file that says nothing, or not one thing."""

    def __init__(self, found: str, limit: str, reason: str, way_out: str) -> None:
        self.found, self.limit, self.reason, self.way_out = found, limit, reason, way_out
        super().__init__(f"{found}: {limit}: {reason}")


def read(path: Path) -> Any:  # noqa: ANN401  # any YAML
    """What a file says. Raises UnreadableError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableError(
            path.name, "a file that can be read", reason, "see what is there under that name"
        ) from error
    if len(content) > MOST_BYTES:
        found, limit = f"{len(content)} bytes", f"at most {MOST_BYTES} bytes"
        raise UnreadableError(
            found, limit, "a stack file is a page or two", "take out what is not the stack's"
        )
    try:
        return parse(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"byte {error.start}", "UTF-8", error.reason, "save the file as UTF-8"
        ) from error


def parse(text: str) -> Any:  # noqa: ANN401  # any YAML
    """What a document says. Raises UnreadableError."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        return None if root is None else _Values().of(root)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "a line"
        reason = " ".join(" ".join(filter(None, (error.context, error.problem))).split())
        raise UnreadableError(line, "YAML", reason, "mend the line") from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())
        raise UnreadableError("a character", "YAML", reason, "take it out") from error
    except RecursionError:
        raise _deep("the file") from None


class _Loader(yaml.SafeLoader):
    """Keeps apart what is quoted and what is not; the words are ours to read."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:  # noqa: ANN401, ARG002
        return _PLAIN if kind is yaml.ScalarNode and implicit[0] else str(kind.id)

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401  # as inherited
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None):
            problem = f"has the tag {event.tag}, and a stack file needs none"
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)
        return super().compose_node(parent, index)


class _Values:
    """The values of a document, counted, so that it ends."""

    def __init__(self) -> None:
        self._count = 0
        self._within: list[yaml.Node] = []

    def of(self, node: yaml.Node) -> Any:  # noqa: ANN401  # any YAML
        line = _line(node)
        self._count += 1
        if self._count > MOST_VALUES:
            limit = f"at most {MOST_VALUES} values, aliases written out"
            raise UnreadableError(line, limit, "a stack has some dozens", "write them out")
        if isinstance(node, yaml.ScalarNode):
            return _plain(node) if node.tag == _PLAIN else node.value
        if node in self._within:
            limit, way_out = "an anchor that is not in itself", "write out what it stands for"
            raise UnreadableError(line, limit, "it would never end", way_out)
        if len(self._within) >= MOST_LEVELS:
            raise _deep(line)
        self._within.append(node)
        found = (
            self._mapping(node)
            if isinstance(node, yaml.MappingNode)
            else [self.of(each) for each in node.value]
        )
        self._within.pop()
        return found

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            name = _key(key)
            if name in own or (name == "<<" and merged):
                reason = "the later one would win in silence"
                raise UnreadableError(_line(key), f"{name} once", reason, "leave one of them")
            if name == "<<" and key.tag == _PLAIN:
                merged = self._merged(value)
            else:
                own[name] = self.of(value)
        return merged | own

    def _merged(self, node: yaml.Node) -> dict[str, Any]:
        """The first of several has the last word."""
        found = self.of(node)
        merged: dict[str, Any] = {}
        for each in reversed(found if isinstance(found, list) else [found]):
            if not isinstance(each, dict):
                limit, way_out = "a mapping after <<", "name an anchor of one"
                raise UnreadableError(_line(node), limit, "its keys are taken over", way_out)
            merged |= each
        return merged


def _key(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode) and (node.tag != _PLAIN or _plain(node) == node.value):
        return str(node.value)
    reason = "every key of a stack is"
    raise UnreadableError(_line(node), "a key that is text", reason, "write it in quotes")


def _plain(node: yaml.ScalarNode) -> Any:  # noqa: ANN401  # any scalar
    """What a word without quotes means. What resembles a number and is none is text."""
    text: str = node.value
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "-+.0123456789":
        return text
    if _NO_JSON.fullmatch(text):
        reason = "the engine hands values on as JSON, which has no such number"
        raise UnreadableError(_line(node), "a number", reason, "write one, or quotes around it")
    with suppress(ValueError, OverflowError):
        if day := _DAY.fullmatch(text):
            return f"{date(*map(int, day.groups()))}{DAY}"
        return _number(text if text[0] == "." else text.replace("_", ""))
    return text


def _number(text: str) -> int | float:
    """Of 1.0 JSON makes 1. Raises ValueError for what is none."""
    octal = _OCTAL.fullmatch(text)
    if octal or _INTEGER.fullmatch(text):
        whole = int(text, 8 if octal else 0)
        if -(2**63) <= whole < 2**64:
            return whole
    number = float(text) if _NUMBER.fullmatch(text) else inf
    if isinf(number):
        raise ValueError
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


def _line(node: yaml.Node) -> str:
    return f"line {node.start_mark.line + 1}"


def _deep(found: str) -> UnreadableError:
    limit = f"at most {MOST_LEVELS} levels"
    return UnreadableError(found, limit, "a stack has three or four", "mend the nesting")
