"""What a change puts at risk, a resource a row: lost, opened, refused or stopped, and when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from graph.changes.model import KINDS, Change, Kind
from tools.review import diff, lines
from tools.review.diff import Review

CALLED: Final[dict[Kind, str]] = {
    "loses": "lost",
    "widens": "opened",
    "refused": "refused",
    "interrupts": "stops",
}
MOST: Final = 3
"""Rows of each kind, so that there is room for all of them on a screen."""
LONGEST: Final = 200
"""Characters of what happens: below, it is said whole."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One resource, or many that one thing happens to; ``open`` if somebody must decide it."""

    called: str
    kinds: tuple[Kind, ...]
    open: bool
    what: str

    @property
    def place(self) -> int:
        """The gravest first; access that nobody is asked about is only told, and comes last."""
        told = self.kinds[0] == "widens" and not self.open
        return len(KINDS) if told else KINDS.index(self.kinds[0])


def table(reviews: Iterable[Review], *, several: bool) -> Iterator[str]:
    """As Markdown, with whose stack's each is where there are several."""
    found = sorted(
        (row for review in reviews for row in _rows(review, several=several)),
        key=lambda row: (row.place, not row.open),
    )
    if not found:
        return
    yield "| risk | resource | what happens, and when |"
    yield "| --- | --- | --- |"
    for place in dict.fromkeys(row.place for row in found):
        those = [row for row in found if row.place == place]
        for row in those[:MOST]:
            kinds = ", ".join(CALLED[kind] for kind in row.kinds)
            yield f"| {_bold(kinds, row.open)} | {row.called} | {row.what} |"
        if more := those[MOST:]:
            kind = _bold(CALLED[more[0].kinds[0]], any(row.open for row in more))
            yield f"| {kind} | {len(more)} more, below | |"
    yield ""


def _bold(text: str, is_open: bool) -> str:
    return f"**{text}**" if is_open else text


def _rows(review: Review, *, several: bool) -> Iterator[Row]:
    for group in diff.alike(c for c in review.changes if {*c.kinds} & CALLED.keys()):
        first = group[0]
        yield Row(
            called=f"{f'{review.stack}: ' if several else ''}{diff.called(group)}",
            kinds=tuple(kind for kind in first.kinds if kind in CALLED),
            open=review.asks(first),
            what="; ".join(_what(first)),
        )


def _what(change: Change) -> Iterator[str]:
    """What AWS says of it, the gravest first, and whom it lets do what; why it is made anew."""
    risks = sorted(change.risks, key=lambda risk: KINDS.index(risk.kind))
    told = {*(r.sentence for r in risks), *(w.message for w in change.widens)}
    for risk in risks:
        message = diff.escaped(risk.sentence)
        yield f"{message} ([AWS]({risk.source}))" if risk.source else message
    for each in change.widens:
        said = each.message.removeprefix("now also: ")
        for through in (" through", " by"):
            said = said.removesuffix(f"{through} {change.resource.label}")
        yield diff.escaped(lines.cut(said, LONGEST))
    yield from (diff.escaped(why) for why in change.why if why not in told)
