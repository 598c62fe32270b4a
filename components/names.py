"""What is looked up by name: whoever names what is not there is told where to add it."""

from collections.abc import Mapping
from typing import TypeVar

import pulumi

from contract.function import Function
from contract.functions import FUNCTIONS
from contract.tables import TABLES

Found = TypeVar("Found")


class UnknownNameError(pulumi.RunError):
    """Something is named that is not declared, or not in this stack."""


def named(known: Mapping[str, Found], name: str, *, by: str, what: str, add: str) -> Found:
    """What is so called; ``add`` is where such are declared. Raises UnknownNameError."""
    if name not in known:
        others = f", or name one of: {', '.join(known)}" if known else ""
        raise UnknownNameError(
            f"{by} names the {what}, which there is not: add it to {add}{others}"
        )
    return known[name]


def specified(name: str, by: str) -> Function:
    """A function's entry in the contract. Raises UnknownNameError."""
    add = "FUNCTIONS in contract/functions.py"
    return named(FUNCTIONS, name, by=by, what=f"function {name}", add=add)


def function_of(functions: Mapping[str, Found], name: str, by: str) -> Found:
    """One of a stack's functions. Raises UnknownNameError if it has none such, or not yet."""
    spec = specified(name, by)
    if name in functions:
        return functions[name]
    why = (
        "a stack without realtime does not have: set realtime of what names it, too"
        if spec.realtime
        else "is not made yet: move it up in FUNCTIONS of contract/functions.py"
    )
    raise UnknownNameError(f"{by} names the function {name}, which {why}")


def table_of(
    tables: Mapping[str, Found], name: str, *, index: str = "", stream: bool = False
) -> Found:
    """One of a stack's tables, an index of which, or whose stream, is wanted. Raises
    UnknownNameError."""
    by = "components/api/grants.py" if not stream else "a reader of streams"
    spec = named(TABLES, name, by=by, what=f"table {name}", add="TABLES in contract/tables.py")
    if index:
        known = {each.name: each for each in spec.indexes}
        own = f"indexes of {name} in contract/tables.py"
        named(known, index, by=by, what=f"index {index} of {name}", add=own)
    if stream and not spec.stream:
        why = "has no stream: set stream of its entry in contract/tables.py"
        raise UnknownNameError(f"{by} names the table {name}, which {why}")
    if name not in tables:
        why = "a stack without realtime does not have: ask only where there is realtime"
        raise UnknownNameError(f"{by} names the table {name}, which {why}")
    return tables[name]
