"""CONTRIBUTING.md as what it says to do: edits and commands, in its order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.stack import ROOT

PAGE = ROOT / "CONTRIBUTING.md"
PIECE = re.compile(
    r"^\d+\. `(?P<path>[^`]+)`|^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


class StaleError(Exception):
    """The page says to edit what is not there, or what is there several times."""


@dataclass(frozen=True)
class Edit:
    """What is done to one file: places of it are edited, or it is made."""

    path: str
    text: str
    new: bool

    def apply(self, root: Path) -> None:
        """Do it, below ``root``. Raises StaleError."""
        file = root / self.path
        if self.new:
            if file.exists():
                raise StaleError(f"{self.path} is there already")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text, encoding="utf-8")
            return
        content = file.read_text(encoding="utf-8")
        for place in _places(self.text):
            content = self._edited(content, place)
        file.write_text(content, encoding="utf-8")

    def _edited(self, content: str, place: list[str]) -> str:
        before, after = (
            "".join(f"{line[1:]}\n" for line in place if not line.startswith(mark))
            for mark in ("+", "-")
        )
        edited, found = re.compile(f"^{re.escape(before)}", re.MULTILINE).subn(
            lambda _: after, content
        )
        if found != 1:
            raise StaleError(f"{self.path} has {found} of:\n{before}")
        return edited


@dataclass(frozen=True)
class Command:
    """One that the page shows after a dollar sign."""

    line: str


def pieces(page: str) -> Iterator[Edit | Command]:
    """What the page says to do."""
    path = ""
    for piece in PIECE.finditer(page):
        language, text = piece["language"], piece["text"]
        if piece["path"]:
            path = piece["path"]
        elif language == "console":
            yield from (Command(line[2:]) for line in text.splitlines() if line.startswith("$ "))
        else:
            yield Edit(path, text, new=language != "diff")


def made() -> set[str]:
    """The files that the page makes up."""
    found = pieces(PAGE.read_text(encoding="utf-8"))
    return {piece.path for piece in found if isinstance(piece, Edit) and piece.new}


def _places(text: str) -> Iterator[list[str]]:
    place = list[str]()
    for line in [*text.splitlines(), "@@"]:
        if line == "@@":
            if place:
                yield place
            place = []
        else:
            place.append(line)
