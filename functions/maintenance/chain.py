"""Walks the audit trail's chain, and names the first row that breaks it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from psycopg.rows import TupleRow

from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.events.audit import COLUMNS, FIRST, TOLD, Entry

BATCH = 1000
"""Rows held at a time, of a few KB each as Python has them: the server keeps the others."""
CHAIN = f"SELECT sequence, {COLUMNS} FROM audit_logs ORDER BY sequence"  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A row as it was found once; from then on the chain must hold it."""

    sequence: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The first row that does not follow from those before it."""

    sequence: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``head`` is the last good row, if there is one; ``rows`` are the good ones."""

    rows: int
    head: Anchor | None
    broken: Broken | None


def _nothing() -> None:
    pass


def verify(
    connection: Connection, *, anchor: Anchor | None = None, check: Callable[[], None] = _nothing
) -> Verdict:
    """Walk the chain from its first row, within a transaction; ``check`` may raise at each batch.

    A chain tells what is changed, inserted or missing in it, but not that its end was cut off, nor
    that it was written anew from some row on: that takes an anchor.
    """
    rows, head, previous = 0, None, FIRST
    with connection.cursor(name="audit_chain") as cursor:
        cursor.itersize = BATCH
        cursor.execute(CHAIN)
        for sequence, *columns in cast(Iterator[TupleRow], cursor):
            if rows % BATCH == 0:
                check()
            *told, before, stated = columns
            reason = _fault(told, before, stated, previous)
            if anchor and sequence == anchor.sequence and stated.hex() != anchor.hash:
                reason = reason or "it is not the row it was when last checked"
            if reason:
                broken = Broken(sequence=sequence, reason=reason)
                return Verdict(rows=rows, head=head, broken=broken)
            if anchor and sequence > anchor.sequence and (head is None or _before(head, anchor)):
                return Verdict(rows=rows, head=head, broken=_gone(anchor))
            previous, rows = stated, rows + 1
            head = Anchor(sequence=sequence, hash=stated.hex())
    if anchor and (head is None or _before(head, anchor)):
        return Verdict(rows=rows, head=head, broken=_gone(anchor))
    return Verdict(rows=rows, head=head, broken=None)


def _fault(told: list[Any], before: bytes, stated: bytes, previous: bytes) -> str:
    if before != previous:
        return "the row before it is missing or another"
    if stated != Entry(**dict(zip(TOLD, told, strict=True))).hashed(previous):
        return "its contents are not what was recorded"
    return ""


def _before(head: Anchor, anchor: Anchor) -> bool:
    return head.sequence < anchor.sequence


def _gone(anchor: Anchor) -> Broken:
    return Broken(sequence=anchor.sequence, reason="it was there when last checked and is gone")
