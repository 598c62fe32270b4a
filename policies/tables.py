"""Rows that differ in a few things, as a table."""

from collections.abc import Callable, Iterable

from policies.predicates import Must
from policies.rule import Property

Row = tuple[str, str, Must, str]
"""How its name ends, the path, what must be there, and the fix."""


def table(of: Callable[..., Property], prefix: str, rows: Iterable[Row]) -> tuple[Property, ...]:
    """A rule each, made by what knows all that they have in common."""
    return tuple(
        of(name=f"{prefix}-{name}", path=path, must=must, fix=fix) for name, path, must, fix in rows
    )
