"""What a property must be. Each reads as the end of a sentence about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from graph.model import Data
from policies.paths import MISSING

Number = int | float


@dataclass(frozen=True)
class Must:
    """``holds`` is asked about a known value or MISSING.

    With ``blind`` a value that only AWS can tell will do: all that matters is that one is given.
    """

    text: str
    holds: Callable[[Data], bool]
    blind: bool = False

    def __str__(self) -> str:
        return self.text


def equals(wanted: str | Number) -> Must:
    """Exactly that, and said so."""
    return Must(f"is {wanted!r}", lambda value: value == wanted)


def one_of(*wanted: str | Number) -> Must:
    """One of these."""
    return Must(f"is one of {', '.join(map(repr, wanted))}", lambda value: value in wanted)


def at_least(least: Number) -> Must:
    """A number not below."""
    return Must(f"is {least} or more", lambda value: _number(value) and value >= least)


def at_most(most: Number) -> Must:
    """A number not above."""
    return Must(f"is {most} or less", lambda value: _number(value) and value <= most)


def between(least: Number, most: Number) -> Must:
    """A number in a range, both ends in it."""
    return Must(
        f"is between {least} and {most}", lambda value: _number(value) and least <= value <= most
    )


def matches(pattern: str, text: str) -> Must:
    """A whole string of that form, which ``text`` says in words."""
    form = re.compile(pattern)
    return Must(text, lambda value: isinstance(value, str) and bool(form.fullmatch(value)))


def includes(*wanted: str) -> Must:
    """A list with all of these."""
    return Must(
        f"has {', '.join(wanted)}",
        lambda value: isinstance(value, (list, tuple)) and set(wanted) <= set(value),
    )


def excludes(*refused: str) -> Must:
    """A list, or nothing, without any of these."""
    return Must(
        f"has no {', '.join(refused)}",
        lambda value: not isinstance(value, (list, tuple)) or not set(refused) & set(value),
    )


def items_at_least(least: int) -> Must:
    """A list that long."""
    return Must(
        f"has {least} or more",
        lambda value: isinstance(value, (list, tuple)) and len(value) >= least,
    )


ON = Must("is true", lambda value: value is True)
OFF = Must("is false", lambda value: value is False)
NOT_ON = Must("is not true", lambda value: value is not True)
GIVEN = Must("is given", lambda value: value not in (MISSING, "", [], {}), blind=True)
ABSENT = Must("is not given", lambda value: value in (MISSING, "", [], {}))


def shown(value: Data) -> str:
    """A value in a message, short."""
    if value is MISSING:
        return "not given"
    text = "true" if value is True else "false" if value is False else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _number(value: Data) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
