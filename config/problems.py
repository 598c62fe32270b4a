"""What is wrong with a stack file, said so that its author can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from config.reading import DAY
from config.sections.base import EXAMPLES

PROJECT = "ma-platform"
KEY = f"{PROJECT}:stack"
REGION_KEY = "aws:region"
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One value that cannot stand: where it is, its limit, why, and the way out.

    ``path`` is within the stack's own key, unless it has Pulumi's name of another or ``within``
    says so.
    """

    path: Path
    value: object
    limit: str
    reason: str
    way_out: str
    within: str = KEY

    def __str__(self) -> str:
        absolute = self.path and ":" in str(self.path[0])
        where = ".".join(map(str, self.path if absolute else (self.within, *self.path)))
        return (
            f"  {where}: {shown(self.value)}\n"
            f"    limit    {self.limit}\n"
            f"    reason   {self.reason}\n"
            f"    way out  {self.way_out}"
        )


class ConfigError(Exception):
    """A stack file that cannot be used; its text lists every problem at once."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = list(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) > 1 else ''}"
        super().__init__("\n".join([f"{source}: {count}", *map(str, self.problems)]))


def from_pydantic(error: ErrorDetails, model: type[BaseModel]) -> Problem:
    """Say a validation error of ``model`` in the words of its fields."""
    path = tuple(part for part in error["loc"] if part not in ("[key]",))
    kind = error["type"]
    if kind == "extra_forbidden":
        known = _keys_at(model, path[:-1])
        near = get_close_matches(str(path[-1]), known, n=1)
        return Problem(
            path,
            error["input"],
            "no such key",
            "an unknown key would be ignored in silence",
            f"did you mean {near[0]}?" if near else f"use one of: {', '.join(known)}",
        )
    reason = _description(model, path) or "it has no default that is right for every stack"
    if kind == "missing":
        return Problem(path, "(nothing)", "required", reason, "state it in the stack file")
    limit, way_out = _WORDS.get(kind, (error["msg"], "change it to what the limit says"))
    context = {**error.get("ctx", {}), **_example(error)}
    return Problem(path, error["input"], limit.format(**context), reason, way_out.format(**context))


def shown(value: object) -> str:
    """The value as its author wrote it, shortened."""
    if isinstance(value, str) and value.endswith(DAY):
        return f"{value.removesuffix(DAY)}, a day where there are no quotes"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


_WORDS = {
    "greater_than_equal": ("at least {ge}", "set it to {ge} or more"),
    "less_than_equal": ("at most {le}", "set it to {le} or less"),
    "literal_error": ("one of {expected}", "use one of: {expected}"),
    "string_pattern_mismatch": ("of the form {example}", "write it like {example}"),
    "mailbox_too_long": ("at most 64 characters before the @", "give one that is shorter"),
    "string_too_long": ("at most {max_length} characters", "shorten it"),
    "too_long": ("at most {max_length} of them", "leave some out"),
    "too_short": ("at least {min_length}", "name some, or leave the key out"),
    "int_type": ("a whole number", "write it without quotes or fraction"),
    "bool_type": ("true or false", "write true or false, without quotes"),
    "string_type": ("text", "write it in quotes"),
    "tuple_type": ("a list", "write one line per entry, each after a dash"),
    "dict_type": ("a mapping", "write its keys below it, indented"),
    "date_type": ("a day", "write it like 2026-12-31"),
    "date_from_datetime_parsing": ("a day", "write it like 2026-12-31"),
    "date_from_datetime_inexact": ("a day", "write it like 2026-12-31"),
    "model_type": ("a mapping", "write its keys below it, indented"),
}
"""Limit and way out by pydantic's type of error."""


def _example(error: ErrorDetails) -> dict[str, str]:
    pattern = error.get("ctx", {}).get("pattern", "")
    return {"example": EXAMPLES.get(pattern, pattern)}


def _keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys of the section at ``path``."""
    found: type[BaseModel] | None = model
    for part in path:
        found = _section(found, part) or found
    return list(found.model_fields) if found else []


def _description(model: type[BaseModel], path: Path) -> str:
    """The description of the innermost field on the path that has one."""
    text, section = "", model
    for part in path:
        field = section.model_fields.get(str(part))
        if field is None:
            break
        text = " ".join((field.description or text).split())
        inner = _section(section, part)
        if inner is None:
            break
        section = inner
    return text


def _section(model: type[BaseModel] | None, key: str | int) -> type[BaseModel] | None:
    """The section a key holds, None where it holds a plain value."""
    field = model.model_fields.get(str(key)) if model else None
    if field is None:
        return None
    arms = (field.annotation, *get_args(field.annotation))
    return next((a for a in arms if isinstance(a, type) and issubclass(a, BaseModel)), None)
