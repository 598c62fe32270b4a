"""What a dataclass may hold that a request is read as, and its checks.

A field is one of: str, int, float, bool, UUID, Literal of texts, dict[str, Any] (any JSON object),
tuple[T, ...] (a list), another dataclass, or T | None. Annotated adds a Length, Between or Items.
One without a default is required, and one the dataclass does not have is refused.
"""

# ruff: noqa: ANN401 - a field's type is only known when its dataclass is.
import dataclasses
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from functions.platform_runtime.requests.values import SCALARS, SPELLED, FieldError, of, storable

Problems = dict[str, str]


@dataclass(frozen=True)
class Length:
    """Of a text, in characters; of an object, in bytes as JSON."""

    least: int
    most: int

    def check(self, value: Any) -> None:
        size = len(value) if isinstance(value, str) else _bytes(value)
        if not self.least <= size <= self.most:
            unit = "characters" if isinstance(value, str) else "bytes"
            raise FieldError(f"has {size} {unit}, not {self.least} to {self.most}")


@dataclass(frozen=True)
class Between:
    """Of a number, both included."""

    least: float
    most: float

    def check(self, value: Any) -> None:
        if not self.least <= value <= self.most:
            raise FieldError(f"is not from {self.least} to {self.most}")


@dataclass(frozen=True)
class Items:
    """Of a list."""

    least: int
    most: int

    def check(self, value: Any) -> None:
        if not self.least <= len(value) <= self.most:
            raise FieldError(f"has {len(value)} items, not {self.least} to {self.most}")


@cache
def hints(kind: type) -> Mapping[str, Any]:
    """A dataclass's fields by name, as they are annotated."""
    return get_type_hints(kind, include_extras=True)


def optional(kind: Any) -> Any | None:
    """The T of a T | None; None for anything else."""
    if get_origin(kind) not in {Union, UnionType}:
        return None
    (inner,) = (one for one in get_args(kind) if one is not NoneType)
    return inner


@dataclass(frozen=True)
class Reader:
    """Reads one value; what is wrong in it goes into ``problems`` by its path.

    ``spelled``: all values are texts, as in a query string.
    """

    problems: Problems
    spelled: bool = False

    def read(self, kind: Any, value: Any, path: str = "") -> Any:
        """The value as ``kind``, or None where there are problems."""
        try:
            return self._value(kind, value, path)
        except FieldError as error:
            self.problems[path] = str(error)
            return None

    def _value(self, kind: Any, value: Any, path: str) -> Any:
        checks: tuple[Any, ...] = ()
        if get_origin(kind) is Annotated:
            kind, *checks = get_args(kind)  # type: ignore[assignment]
        inner = optional(kind)
        if inner is not None:
            if value is None:
                return None
            kind = inner
        before = len(self.problems)
        result = self._plain(kind, value, path)
        if len(self.problems) == before:
            for check in checks:
                check.check(result)
        return result

    def _plain(self, kind: Any, value: Any, path: str) -> Any:
        if dataclasses.is_dataclass(kind):
            return self._fields(kind, of(dict, value, "is not an object"), path)
        if get_origin(kind) is Annotated:
            return self._value(kind, value, path)
        if get_origin(kind) is Literal:
            if value not in get_args(kind):
                raise FieldError(f"is not one of {', '.join(get_args(kind))}")
            return value
        if get_origin(kind) is tuple:
            listed = of(list, value, "is not a list")
            each = get_args(kind)[0]
            return tuple(self.read(each, one, _join(path, n)) for n, one in enumerate(listed))
        if get_origin(kind) is dict:
            return storable(of(dict, value, "is not an object"))
        return (SPELLED if self.spelled else SCALARS)[kind](value)

    def _fields(self, kind: Any, value: Mapping[str, Any], path: str) -> Any:
        given: dict[str, Any] = {}
        before = len(self.problems)
        for field in dataclasses.fields(kind):
            if field.name in value:
                read = self.read(
                    hints(kind)[field.name], value[field.name], _join(path, field.name)
                )
                given[field.name] = read
            elif field.default is MISSING and field.default_factory is MISSING:
                self.problems[_join(path, field.name)] = "is missing"
        for name in sorted(value.keys() - hints(kind).keys()):
            self.problems[_join(path, name[:64])] = "is not known here"
        return kind(**given) if len(self.problems) == before else None


def _bytes(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _join(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
