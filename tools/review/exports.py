"""A stack's exports, those marked that only AWS gives."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph import made_up
from graph.model import Graph, mask, step
from tools.review.lines import CUT, Line, cut

MARK: Final = "~"
LEGEND: Final = f"{MARK} made up here: AWS gives it"


@dataclass(frozen=True)
class Export:
    """``made_up`` if any of it is what only AWS gives."""

    name: str
    written: str
    made_up: bool

    @property
    def short(self) -> str:
        """The value, or only the mark where the value says nothing."""
        return MARK if self.made_up else self.written

    def line(self, width: int, room: int | None) -> Line:
        """Name, value and mark; of a value that is longer than the room, the beginning."""
        mark = MARK if self.made_up else ""
        left = None if room is None else room - width - len(mark) - 4
        value = self.written if left is None else cut(self.written, left)
        return ((f"  {self.name:<{width}}  ", ""), (value, "green"), (mark, "yellow"))


def exports(graph: Graph) -> list[Export]:
    """Secrets masked, in the order of their names."""
    invented = made_up.exports(graph)
    shown = graph.root.to_json()["outputs"] if graph.root else {}
    return [
        Export(
            name=name,
            written=value if isinstance(value, str) else json.dumps(mask(value)),
            made_up=any(_within(path, step("outputs", name)) for path in invented),
        )
        for name, value in shown.items()
    ]


def lines(graph: Graph, room: int | None = None) -> Iterator[Line]:
    """A heading, one line each within the room there is, and what the marks mean."""
    found = exports(graph)
    if not found:
        return
    yield ()
    yield (("exports", "bold cyan"),)
    width = max(len(export.name) for export in found)
    shown = [export.line(width, room) for export in found]
    yield from shown
    notes = [LEGEND] if any(export.made_up for export in found) else []
    if any(value.endswith(CUT) for _, (value, _), _ in shown):
        notes.append(f"{CUT} cut: --full has it whole")
    if notes:
        yield ((f"  {'; '.join(notes)}", "dim"),)


def _within(path: str, root: str) -> bool:
    return path == root or path.startswith((f"{root}.", f"{root}["))
