"""What a stack declares: for the eye a screen or all of it, for programs its record."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from config.model import StackConfig
from graph import made_up
from graph.model import Graph
from policies.waivers import Waiver
from tools.review import beside, lines, overview, tree
from tools.review.lines import Line
from tools.review.notable import Notable, notable


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A stack's record, and what its file and the waivers say of it on a day."""

    graph: Graph
    config: StackConfig
    waivers: Sequence[Waiver]
    today: date

    @property
    def notable(self) -> Notable:
        return notable(self.graph, self.config.region, self.waivers, self.today)


def record(graph: Graph) -> dict[str, object]:
    """The whole record, with the paths of what only AWS gives among the exports."""
    return {**graph.to_json(), "madeUp": made_up.exports(graph)}


def as_json(graphs: Sequence[Graph]) -> str:
    """One record, or a list of several."""
    records = [record(graph) for graph in graphs]
    return json.dumps(records[0] if len(records) == 1 else records, indent=2) + "\n"


def show(previews: Sequence[Preview], stream: TextIO, *, full: bool = False) -> None:
    """A screen for one stack or for several side by side, or everything of each."""
    lines.write(shown(previews, lines.columns(), full=full), stream)


def shown(previews: Sequence[Preview], width: int, *, full: bool = False) -> Iterator[Line]:
    """The lines of that."""
    if len(previews) > 1 and not full:
        yield from beside.lines(
            [preview.graph for preview in previews],
            _about([preview.config for preview in previews]),
            [preview.notable for preview in previews],
            width,
        )
        return
    for number, preview in enumerate(previews):
        if number:
            yield ()
        yield _heading(preview)
        view = tree.lines if full else overview.lines
        yield from view(preview.graph, preview.notable, width)


def _heading(preview: Preview) -> Line:
    graph, config = preview.graph, preview.config
    about = f"{config.tier} tier, {config.environment}, {config.region}"
    return (
        (f"{graph.project} {graph.stack}", "bold"),
        (f": {about}, budget {config.budget.monthly_usd} USD a month", ""),
    )


def _about(configs: Sequence[StackConfig]) -> list[beside.Row]:
    return [
        beside.Row("tier", [config.tier for config in configs]),
        beside.Row("environment", [config.environment for config in configs]),
        beside.Row("Region", [config.region for config in configs]),
        beside.Row("budget, USD a month", [str(config.budget.monthly_usd) for config in configs]),
    ]
