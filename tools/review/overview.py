"""One stack on a screen: its layers and components, what is notable, its exports."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from graph.made_up import Marks
from graph.model import Graph, mask
from tools.review import exports
from tools.review.entries import Entry
from tools.review.lines import Line, block, count, some, unit
from tools.review.notable import Notable, by_type
from tools.review.parts import Part, parts

FEW: Final = 4
LABEL: Final = 11


def lines(graph: Graph, notable: Notable, width: int) -> Iterator[Line]:
    """All but the heading."""
    yield ()
    yield from _made_of(parts(graph), width)
    yield from notes(graph, notable, width, most=FEW)
    yield from exports.lines(graph, width)


def notes(graph: Graph, notable: Notable, width: int, most: int | None = None) -> Iterator[Line]:
    """What is notable; of long lists the first few, if only so many are wanted."""
    marks = Marks(graph)
    rows = [
        ("protected", "bold", _protected(notable)),
        ("unprotected", "bold yellow", _exposed(notable)),
        *(
            ("" if n else "reachable", "bold", _entry(e, marks))
            for n, e in enumerate(notable.entries)
        ),
        ("alarms", "bold", _alarms(notable, most)),
        ("waivers", "bold", _waivers(notable, most)),
        ("ended", "bold red", ", ".join(f"{w}, on {w.expires}" for w in notable.over)),
        ("only read", "bold", by_type(notable.read)),
        ("elsewhere", "bold", ", ".join(f"{n} in {r}" for r, n in notable.elsewhere.items())),
    ]
    if any(text for _, _, text in rows):
        yield ()
        yield (("notable", "bold cyan"),)
    for label, style, text in rows:
        yield from block(f"{label:<{LABEL}}", style, text, width)


def _made_of(found: Sequence[Part], width: int) -> Iterator[Line]:
    components = count(sum(part.component is not None for part in found), "component")
    total = count(sum(len(part.resources) for part in found), "resource")
    yield ((total, "bold cyan"), (f" in {components}", "bold cyan"))
    for layer, inside in groupby(found, key=lambda part: part.layer):
        here = list(inside)
        number = sum(len(part.resources) for part in here)
        yield from block(
            f"{layer or '(none)':<10} {number:>3}", "bold", ", ".join(_kinds(here)), width
        )


def _kinds(found: Sequence[Part]) -> Iterator[str]:
    """``Cdn 8``; of several alike, how many: ``18 Functions 107``. The largest first."""
    alike: dict[str, list[int]] = defaultdict(list)
    for part in found:
        types = dict.fromkeys(resource.short_type for resource in part.resources)
        alike[part.kind or ", ".join(types)].append(len(part.resources))
    for kind, sizes in sorted(alike.items(), key=lambda each: (-sum(each[1]), each[0])):
        several = f"{len(sizes)} {kind}{'' if kind.endswith('s') else 's'}"
        yield unit(f"{several if len(sizes) > 1 else kind} {sum(sizes)}")


def _protected(notable: Notable) -> str:
    if not notable.protected:
        return "nothing" if notable.exposed else ""
    return f"{len(notable.protected)} from deletion: {by_type(notable.protected)}"


def _exposed(notable: Notable) -> str:
    held = f"{len(notable.exposed)} that hold data: {by_type(notable.exposed)}"
    return held if notable.exposed else ""


def _entry(entry: Entry, marks: Marks) -> str:
    address = str(mask(entry.address))
    mark = exports.MARK if marks.on(address) else ""
    routes = f": {', '.join(map(unit, entry.open))}" if entry.open else ""
    return f"{entry.resource.name} at {address}{mark}, {unit(entry.note)}{routes}"


def _alarms(notable: Notable, most: int | None) -> str:
    kept, left_out = len(notable.kept), notable.left_out
    if not left_out:
        return f"{kept}, none left out" if kept else ""
    counts = f"{kept} of {kept + len(left_out)}, as many as alarms.metrics pays for"
    return f"{counts}; left out: {some(left_out, most)}"


def _waivers(notable: Notable, most: int | None) -> str:
    if not notable.waived:
        return ""
    end = notable.waived[0].expires
    rules = list(dict.fromkeys(w.rule for w in notable.waived if w.expires == end))
    return f"{len(notable.waived)}; next to end, on {end}: {some(rules, most)}"
