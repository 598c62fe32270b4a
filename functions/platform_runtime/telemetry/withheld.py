"""What errors may say: never a row, which Postgres quotes in an error's detail, and not only there.

Its style guide has values in the detail and names in the message; but what cannot be read as a
value of its type is quoted in the message, and context, hint and statement quote what they like.
https://www.postgresql.org/docs/current/error-style-guide.html
"""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeGuard

if TYPE_CHECKING:
    import psycopg

WITHHELD: Final = "withheld, for it quotes what Postgres said of a row"
OF_NAMES: Final = frozenset({"08", "23", "25", "28", "40", "42", "53", "54", "55", "57", "58"})
"""Classes of SQLSTATE whose messages hold names, of tables or of what is wrong with the server:
https://www.postgresql.org/docs/current/errcodes-appendix.html"""
OF_VALUES: Final = "22"
"""Its messages end in the value, in quotes, if they have one."""


class WithheldError(Exception):
    """Stands for an error whose text could not be mended; it is named for that one."""


def withheld(error: BaseException) -> BaseException:
    """The error, with what it and those it came of quote of rows taken out of them for good.

    It is the same one, but where another's text has it in a place that cannot be changed.
    """
    family = list(_family(error))
    quoted = {text for one in family if _of_postgres(one) for text in _quoted(one)}
    if not quoted:
        return error

    def quotes(said: object) -> bool:
        line = _line(str(said))
        return any(text in line for text in quoted)

    for one in family:
        if _of_postgres(one):
            # Without its result, which has the detail as a field.
            type(one).__init__(one, _told(one))
        else:
            one.args = tuple(WITHHELD if quotes(arg) else arg for arg in one.args)
        notes = getattr(one, "__notes__", [])
        notes[:] = [note for note in notes if not quotes(note)]
    if any(map(quotes, family)):
        name = type(error).__name__
        return WithheldError(f"{name}: {WITHHELD}").with_traceback(error.__traceback__)
    return error


def _family(error: BaseException) -> Iterator[BaseException]:
    """The error, and all it came of or consists of, also what ``from None`` hides."""
    seen, waiting = set(), [error]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        parts = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        waiting += [other for other in (one.__cause__, one.__context__, *parts) if other]


def _of_postgres(error: BaseException) -> "TypeGuard[psycopg.Error]":
    """Where psycopg is not loaded, and in half the functions it is not there, there are none."""
    loaded = sys.modules.get("psycopg")
    return loaded is not None and isinstance(error, loaded.Error)


def _told(error: "psycopg.Error") -> str:
    import psycopg

    state = error.sqlstate
    if state is None:
        # Of psycopg itself: of the connection, or of a value it cannot read.
        return WITHHELD if isinstance(error, psycopg.DataError) else str(error)
    message = error.diag.message_primary or str(error).partition("\n")[0]
    begun, quote, _ = message.partition('"')
    if state[:2] in OF_NAMES or (state[:2] == OF_VALUES and not quote):
        return message
    return f"{begun if state[:2] == OF_VALUES else ''}{state}, {WITHHELD}"


def _quoted(error: "psycopg.Error") -> Iterator[str]:
    """The lines it says and may not: others may have quoted it in part, or as one line."""
    kept, said = _line(_told(error)), error.diag
    texts = (
        str(error),
        said.message_primary,
        said.message_detail,
        said.message_hint,
        said.context,
        said.internal_query,
    )
    for line in "\n".join(filter(None, texts)).splitlines():
        if _line(line) not in kept:
            yield _line(line)


def _line(text: str) -> str:
    return " ".join(text.split())
