"""Lines for the eye: plain in a pipe, in colour on a terminal, and no wider than it is."""

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Final, TextIO

Line = tuple[tuple[str, str], ...]
"""Pairs of text and its style on a terminal."""

PIPE: Final = 100
WIDEST: Final = 120
CUT: Final = "..."
"""What every terminal can show, whatever its encoding."""
HARD_SPACE: Final = "\u00a0"


def text(lines: Iterable[Line]) -> str:
    """The lines without colour."""
    return "".join(f"{''.join(part for part, _ in line)}\n" for line in lines)


def write(lines: Iterable[Line], stream: TextIO) -> None:
    """Colour goes only to a terminal."""
    if not stream.isatty():
        stream.write(text(lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)


def columns() -> int:
    """As wide as the terminal is, or COLUMNS says, as far as lines that long can be read."""
    return min(shutil.get_terminal_size((PIPE, 0)).columns, WIDEST)


def unit(written: str) -> str:
    """What no line ends within."""
    return written.replace(" ", HARD_SPACE)


def wrapped(written: str, width: int) -> list[str]:
    """In lines, broken at spaces alone."""
    found = textwrap.wrap(written, width, break_long_words=False, break_on_hyphens=False)
    return [line.replace(HARD_SPACE, " ") for line in found]


def block(label: str, style: str, written: str, width: int) -> Iterator[Line]:
    """A label, and a text beside it, as many lines as it needs."""
    for number, line in enumerate(wrapped(written, width - len(label) - 4)):
        yield ((f"  {'' if number else label:<{len(label)}}  ", style), (line, ""))


def some(names: Sequence[str], most: int | None) -> str:
    """All, or a few and how many more there are."""
    if most is None or len(names) <= most + 1:
        return ", ".join(names)
    more = unit(f"and {len(names) - most} more (--full)")
    return f"{', '.join(names[:most])} {more}"


def cut(written: str, width: int) -> str:
    """The beginning, where it is too long."""
    return written if len(written) <= width else written[: max(width - len(CUT), 0)] + CUT


def count(things: Sized | int, what: str) -> str:
    """``1 rule``, ``2 rules``."""
    number = things if isinstance(things, int) else len(things)
    return f"{number} {what}{'' if number == 1 else 's'}"
