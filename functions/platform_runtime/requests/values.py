"""Single values of a request: what is taken as a text, a number, an id."""

# ruff: noqa: ANN401 - what a caller sends may be anything.
import json
import math
from collections.abc import Callable
from typing import Any
from uuid import UUID

BIGGEST = 2**53 - 1
"""The largest whole number that JSON carries between all languages."""


class FieldError(ValueError):
    """What is wrong with the value in hand."""


def storable(value: Any) -> Any:
    """JSON that Postgres takes: no NUL, no half of a surrogate pair, no number beyond a double."""
    level = [value]
    while level:
        one = level.pop()
        if isinstance(one, dict):
            level += [*one, *one.values()]
        elif isinstance(one, list):
            level += one
        elif isinstance(one, str):
            text(one)
        elif isinstance(one, float) and not math.isfinite(one):
            raise FieldError("holds a number that is too large")
    return value


def text(value: Any) -> str:
    """Raises FieldError."""
    found: str = of(str, value, "is not a text")
    if "\0" in found or any("\ud800" <= character <= "\udfff" for character in found):
        raise FieldError("holds characters that cannot be stored")
    return found


def uuid(value: Any) -> UUID:
    """Of the one spelling that is printed, in either case. Raises FieldError."""
    try:
        found = UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise FieldError("is not a UUID") from None
    if str(found) != value.lower():
        raise FieldError("is not a UUID")
    return found


def _integer(value: Any) -> int:
    # JSON has one kind of number: 5.0 is a whole one.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > BIGGEST:
        raise FieldError("is not a whole number")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise FieldError("is not a number")
    return float(value)


def _boolean(value: Any) -> bool:
    return bool(of(bool, value, "is neither true nor false"))


def _spelled(kind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(value: str) -> Any:
        try:
            return kind(json.loads(value))
        except ValueError as error:
            raise (error if isinstance(error, FieldError) else FieldError("is malformed")) from None

    return read


def of(kind: type, value: Any, problem: str) -> Any:
    """The value, if it is one of this kind. Raises FieldError."""
    if not isinstance(value, kind):
        raise FieldError(problem)
    return value


SCALARS: dict[Any, Callable[[Any], Any]] = {
    str: text,
    int: _integer,
    float: _number,
    bool: _boolean,
    UUID: uuid,
}
SPELLED = SCALARS | {kind: _spelled(SCALARS[kind]) for kind in (int, float, bool)}
