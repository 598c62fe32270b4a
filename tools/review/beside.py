"""Several stacks side by side on a screen: how much each has, and what not all of them have."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from graph.model import Graph
from tools.review.exports import LEGEND, MARK, exports
from tools.review.lines import Line, block, cut, some, unit
from tools.review.notable import Notable
from tools.review.parts import Part, parts

ABSENT: Final = "-"
GAP: Final = 2
FEW: Final = 8


@dataclass(frozen=True)
class Row:
    """What it is, and a cell for each stack."""

    name: str
    cells: Sequence[str]
    heads: bool = False

    @property
    def alike(self) -> bool:
        """Whether the stacks do not differ in it."""
        return len(set(self.cells)) == 1

    @property
    def made_up(self) -> bool:
        """Whether it says nothing but that only AWS gives it."""
        return set(self.cells) == {MARK}


def lines(
    graphs: Sequence[Graph], about: Sequence[Row], notables: Sequence[Notable], width: int
) -> Iterator[Line]:
    """A table of what differs, what is alike in a few lines, and who has what."""
    made = [parts(graph) for graph in graphs]
    kinds, values = _kinds(made), _exports(graphs)
    sections = [
        [Row(graphs[0].project, [graph.stack for graph in graphs], heads=True), *about],
        [Row("resources", [_size(found) for found in made], heads=True), *_layers(made, kinds)],
        [Row("notable", [], heads=True), *_notes(notables)],
        [Row("exports", [], heads=True), *(row for row in values if not row.made_up)],
    ]
    yield from _table(sections, width)
    yield from _legend(values, width)
    yield ()
    alike = [
        unit(f"{row.name.strip()} {row.cells[0]}") for row in chain(*kinds.values()) if row.alike
    ]
    yield from block("alike", "bold cyan", ", ".join(alike), width)
    yield from _held(graphs, made, notables, width)


def _size(found: Iterable[Part]) -> str:
    return str(sum(len(part.resources) for part in found) or ABSENT)


def _layers(made: Sequence[Sequence[Part]], kinds: dict[str, list[Row]]) -> Iterator[Row]:
    """A layer's number of resources, and those of its components that differ."""
    for layer, rows in kinds.items():
        inside = [_size(part for part in found if part.layer == layer) for found in made]
        differing = [row for row in rows if not row.alike]
        whole = Row(layer or "(none)", inside)
        if layer or not whole.alike:
            yield whole
        yield from differing


def _kinds(made: Sequence[Sequence[Part]]) -> dict[str, list[Row]]:
    """Resources by kind of component, by layer."""
    known = dict.fromkeys((part.layer, part.kind) for found in made for part in found)
    rows: dict[str, list[Row]] = {layer: [] for layer, _ in known}
    for layer, kind in sorted(known, key=lambda each: each[1]):
        alike = [[p for p in found if (p.layer, p.kind) == (layer, kind)] for found in made]
        if kind:
            rows[layer].append(Row(f"  {kind}", [_number(each) for each in alike]))
    return rows


def _number(alike: Sequence[Part]) -> str:
    return f"{_size(alike)} in {len(alike)}" if len(alike) > 1 else _size(alike)


def _notes(notables: Sequence[Notable]) -> list[Row]:
    """Those that any of the stacks has."""

    def row(name: str, *cells: object) -> Row:
        return Row(name, [str(cell or ABSENT) for cell in cells])

    entries = dict.fromkeys(entry.resource.name for each in notables for entry in each.entries)
    notes = [{e.resource.name: e.note for e in each.entries} for each in notables]
    rows = [
        row("protected", *(len(each.protected) for each in notables)),
        row("unprotected", *(len(each.exposed) for each in notables)),
        *(row(name, *(found.get(name) for found in notes)) for name in entries),
        row("alarms", *(len(each.kept) for each in notables)),
        row("alarms left out", *(len(each.left_out) for each in notables)),
        row("waivers", *(len(each.waived) for each in notables)),
        row("waivers ended", *(len(each.over) for each in notables)),
        row("only read", *(len(each.read) for each in notables)),
        row("elsewhere", *(_elsewhere(each) for each in notables)),
    ]
    return [row for row in rows if set(row.cells) != {ABSENT}]


def _elsewhere(notable: Notable) -> str:
    return ", ".join(f"{region} {number}" for region, number in notable.elsewhere.items())


def _exports(graphs: Sequence[Graph]) -> list[Row]:
    """What is made up is no difference: of it, only that it is there."""
    found = [{export.name: export for export in exports(graph)} for graph in graphs]
    return [
        Row(name, [each[name].short if name in each else ABSENT for each in found])
        for name in dict.fromkeys(name for each in found for name in each)
    ]


def _legend(values: Sequence[Row], width: int) -> Iterator[Line]:
    if names := [row.name for row in values if row.made_up]:
        yield from block(LEGEND, "dim", ", ".join(names), width)
    elif any(MARK in row.cells for row in values):
        yield ((f"  {LEGEND}", "dim"),)


def _held(
    graphs: Sequence[Graph],
    made: Sequence[Sequence[Part]],
    notables: Sequence[Notable],
    width: int,
) -> Iterator[Line]:
    """Components and protected resources that some of the stacks have, by which of them do."""
    holders: dict[str, list[str]] = defaultdict(list)
    guarding = [graph.stack for graph, each in zip(graphs, notables, strict=True) if each.protected]
    for graph, found, notable in zip(graphs, made, notables, strict=True):
        for part in found:
            if part.component:
                holders[f"{part.kind} {part.component.name}"].append(graph.stack)
        for resource in notable.protected:
            holders[f"protected {resource.label}"].append(graph.stack)
    names: dict[str, list[str]] = defaultdict(list)
    for name, stacks in holders.items():
        everyone = guarding if name.startswith("protected ") else [graph.stack for graph in graphs]
        if stacks != everyone:
            names[", ".join(stacks)].append(unit(name))
    for having, which in names.items():
        yield from block(f"only {having}", "bold cyan", some(which, FEW), width)


def _table(sections: Sequence[Sequence[Row]], width: int) -> Iterator[Line]:
    """Columns as wide as they need, or as there is room for."""
    rows = [row for section in sections for row in section]
    first = max(len(row.name) + 2 for row in rows) + GAP
    need = max(len(cell) for row in rows for cell in row.cells) + GAP
    wide = min((width - first) // max(len(row.cells) for row in rows), need)
    for number, section in enumerate(sections):
        if number:
            yield ()
        for row in section:
            shown = "".join(f"{cut(cell, wide - GAP):<{wide}}" for cell in row.cells).rstrip()
            name = row.name if row.heads else f"  {row.name}"
            padded = f"{name:<{first}}" if shown else name
            yield ((padded, "bold cyan" if row.heads else ""), (shown, "bold" if row.heads else ""))
