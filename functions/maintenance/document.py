"""A backup as text: one JSON document, a row to a line, so that it is written and read in a stream.

{"about":{"format":1,"timestamp":"...","reason":"...","columns":{...}},
"workspaces":[
{"id": "...", "name": "..."}
,{"id": "...", "name": "..."}
],
"memberships":[
],
"totals":{"workspaces":{"count":2,"checksum":"..."},...}}
"""

import hashlib
import json
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field

from functions.maintenance.errors import JobError

FORMAT = 1
PIECE_BYTES = 64 * 1024
MODULUS = 2**256


class BackupError(JobError):
    """A backup is not what was written."""


@dataclass
class Total:
    """Of a table's rows: how many, and a checksum that does not depend on their order.

    Postgres gives rows in whatever order is quickest, and a restored table in another. The sum of
    the rows' SHA-256 is for accidents; against intent the document is sealed.
    """

    count: int = 0
    _sum: int = 0

    def add(self, row: bytes) -> None:
        self.count += 1
        self._sum += int.from_bytes(hashlib.sha256(row).digest(), "big")

    @property
    def checksum(self) -> str:
        return f"{self._sum % MODULUS:064x}"


@dataclass
class Totals:
    """Of each table, by its name in the document."""

    tables: dict[str, Total] = field(default_factory=dict)

    def of(self, title: str) -> Total:
        return self.tables.setdefault(title, Total())

    def stated(self) -> dict[str, dict[str, object]]:
        return {
            title: {"count": total.count, "checksum": total.checksum}
            for title, total in self.tables.items()
        }

    @property
    def counts(self) -> dict[str, int]:
        return {title: total.count for title, total in self.tables.items()}

    @property
    def checksum(self) -> str:
        """Of the whole backup."""
        return hashlib.sha256(_json(self.stated())).hexdigest()


def write(
    about: dict[str, object], tables: Iterable[tuple[str, Iterable[bytes]]], totals: Totals
) -> Generator[bytes]:
    """The document in pieces, its rows as one line of JSON each; ``totals`` are counted here."""
    return _pieces(_lines_of(about, tables, totals))


class Document:
    """A document being read; ``totals`` are what was read so far."""

    about: dict[str, object]

    def __init__(self, pieces: Iterable[bytes]) -> None:
        """Raises BackupError."""
        self.totals = Totals()
        self._lines = lines(pieces)
        self.about = _member(self._next(), b'{"about":', b",")
        if self.about.get("format") != FORMAT:
            raise BackupError(f"format {self.about.get('format')}: this release reads {FORMAT}")

    def tables(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each table's name and rows, to be read before the next is asked for.

        Raises BackupError, at the end too if the document does not hold what it says it does.
        """
        while not (line := self._next()).startswith(b'"totals":'):
            title = line[1:].partition(b'"')[0].decode()
            if line != f'"{title}":['.encode():
                raise BackupError("a line that begins no table")
            yield title, self._rows(self.totals.of(title))
        if _member(line, b'"totals":', b"}") != self.totals.stated():
            raise BackupError(f"it holds {self.totals.stated()} and says {line.decode()}")
        if next(self._lines, None) is not None:
            raise BackupError("something follows its end")

    def read(self) -> None:
        """Read all that is left, for its totals. Raises BackupError."""
        for _, rows in self.tables():
            for _ in rows:
                pass

    def _rows(self, total: Total) -> Iterator[bytes]:
        while (line := self._next()) != b"],":
            row = line.removeprefix(b",")
            total.add(row)
            yield row

    def _next(self) -> bytes:
        line = next(self._lines, None)
        if line is None:
            raise BackupError("it ends too early")
        return line


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines, without their ends. Raises BackupError if the last has none."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        raise BackupError("it ends within a line")


def _lines_of(
    about: dict[str, object], tables: Iterable[tuple[str, Iterable[bytes]]], totals: Totals
) -> Iterator[bytes]:
    yield b'{"about":%b,\n' % _json({"format": FORMAT, **about})
    for title, rows in tables:
        total, separator = totals.of(title), b""
        yield f'"{title}":[\n'.encode()
        for row in rows:
            total.add(row)
            yield b"%b%b\n" % (separator, row)
            separator = b","
        yield b"],\n"
    yield b'"totals":%b}\n' % _json(totals.stated())


def _pieces(texts: Iterable[bytes]) -> Generator[bytes]:
    waiting, size = [], 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= PIECE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def _member(line: bytes, start: bytes, end: bytes) -> dict[str, object]:
    try:
        value = json.loads(line.removeprefix(start).removesuffix(end))
    except ValueError:
        value = None
    if not (line.startswith(start) and line.endswith(end) and isinstance(value, dict)):
        raise BackupError("not a backup")
    return value


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
