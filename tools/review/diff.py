"""What a change of the program does to what is deployed: in words, as Markdown, and as JSON."""

import json
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TextIO

from graph.changes.compare import compare
from graph.changes.digest import digest
from graph.changes.model import Change, Difference, Kind, shown
from graph.model import Graph
from policies.evaluate import evaluate
from policies.rule import Rule
from policies.rules.stack.access import access_not_widened
from policies.rules.stack.destruction import data_store_kept
from policies.stack import Stack
from policies.waivers import Waiver
from tools.review import lines
from tools.review.lines import Line

HEADINGS: Final[dict[Kind, str]] = {
    "loses": "data is lost",
    "widens": "widens access",
    "refused": "is refused",
    "interrupts": "interrupts",
    "replace": "made anew",
    "delete": "deleted",
    "update": "updated",
    "create": "created",
    "same": "left as it is",
}
GRAVE: Final[frozenset[Kind]] = frozenset(("loses", "widens", "refused", "interrupts"))
"""What is not folded away."""
STYLES: Final[dict[Kind, str]] = {
    "loses": "bold red",
    "widens": "bold red",
    "refused": "bold red",
    "interrupts": "yellow",
    "replace": "yellow",
    "delete": "magenta",
    "update": "",
    "create": "green",
    "same": "",
}
APPROVED_BY: Final[Mapping[Kind, Rule]] = {
    "loses": data_store_kept,
    "widens": access_not_widened,
}
"""What somebody must decide, and the rule whose waiver says that they have. What is refused has to
be changed: no waiver makes it go."""
NAMES: Final = ("Sid", "sid", "name", "id", "originId", "pathPattern", "ruleName")
"""By what statements, rules and the like are called."""
LEFT_BEHIND: Final = (
    "its file is gone: what is deployed stays and is paid for, and nobody deploys it or looks for "
    "its drift; destroy it while there is the file"
)
ALIKE: Final = 3
"""So many equal changes are told one by one; more are one line."""


Waived = frozenset[tuple[Kind, str]]


@dataclass(frozen=True, kw_only=True)
class Review:
    """One stack's changes, what tells them from any others, and what of them a waiver has approved:
    the kind, and the URN."""

    stack: str
    changes: Sequence[Change]
    digest: str
    waived: Waived = frozenset()

    @property
    def undecided(self) -> list[Change]:
        """What somebody must decide before it may go on."""
        return [change for change in self.changes if self.asks(change)]

    def asks(self, change: Change) -> bool:
        """Whether somebody must decide this one."""
        return bool(_open(change, self.waived))

    @property
    def verdict(self) -> str:
        """``same``, ``clear`` or ``decide``."""
        return "decide" if self.undecided else "clear" if self.changes else "same"


def review(
    before: Graph | None,
    after: Graph,
    *,
    today: date,
    waivers: Sequence[Waiver] = (),
    declared: Graph | None = None,
) -> Review:
    """Compare, and see what is approved by the digest of its change: as ``declared`` has it, where
    an engine's preview, which leaves open what only AWS gives, is compared."""
    stack = Stack(declared or after, today, before)
    waived = {
        (kind, finding.judgement.resource.urn)
        for kind, rule in APPROVED_BY.items()
        for finding in (evaluate(stack, [rule], waivers) if before else ())
        if finding.waiver and finding.judgement.resource
    }
    changes = compare(before, after, None if declared else stack.widened)
    return Review(
        stack=after.stack,
        changes=changes,
        digest=digest(after, changes, declared),
        waived=frozenset(waived),
    )


def _asked(change: Change) -> set[Kind]:
    """The kinds for which somebody is asked."""
    asked: set[Kind] = {kind for kind in change.kinds if kind in ("loses", "refused")}
    return asked | ({"widens"} if any(each.decide for each in change.widens) else set())


def _open(change: Change, waived: Waived) -> set[Kind]:
    """Those of them that no waiver answers."""
    return {kind for kind in _asked(change) if (kind, change.resource.urn) not in waived}


def as_json(reviews: Iterable[Review]) -> str:
    """A list with an object for each stack."""
    return json.dumps([entry(each) for each in reviews], indent=2) + "\n"


def entry(each: Review) -> dict[str, Any]:
    """One stack, as ``diff --json`` has it."""
    return {
        "stack": each.stack,
        "verdict": each.verdict,
        "digest": each.digest,
        "changes": [dict(change.to_json()) for change in each.changes],
    }


def text(reviews: Iterable[Review]) -> str:
    """In words, without colour."""
    return lines.text(worded(reviews))


def show(reviews: Iterable[Review], stream: TextIO) -> None:
    """In words, in colour only on a terminal."""
    lines.write(worded(reviews), stream)


def markdown(reviews: Iterable[Review]) -> str:
    """For a pull request: what must be decided open, the rest folded."""
    return "\n".join(_markdown(reviews)) + "\n"


def worded(reviews: Iterable[Review]) -> Iterator[Line]:
    """The lines of what is told of each."""
    for number, each in enumerate(reviews):
        if number:
            yield ()
        yield ((each.stack, "bold"), (f": {summary(each)}", ""))
        if each.changes:
            yield ((f"digest {each.digest}", "dim"),)
        for kind, changes in by_kind(each.changes):
            yield ()
            yield ((HEADINGS[kind], STYLES[kind] or "bold"),)
            for group in alike(changes):
                yield from _group(group, each.waived)


def summary(each: Review) -> str:
    """``2 updated, 1 interrupts: nothing to decide``."""
    if not each.changes:
        return "no change"
    counts = ", ".join(f"{len(found)} {HEADINGS[kind]}" for kind, found in by_kind(each.changes))
    undecided = len(each.undecided)
    return f"{counts}; {f'{undecided} to decide' if undecided else 'nothing to decide'}"


def by_kind(changes: Iterable[Change]) -> list[tuple[Kind, list[Change]]]:
    """Each change under the gravest of its kinds, in their order."""
    found: dict[Kind, list[Change]] = defaultdict(list)
    for change in changes:
        found[change.kinds[0]].append(change)
    return [(kind, found[kind]) for kind in HEADINGS if kind in found]


def alike(changes: Iterable[Change]) -> list[list[Change]]:
    """Equal changes of many resources together, in the order of the first of them."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        paths = tuple(re.sub(r"\[\d+\]", "[]", each.path) for each in change.properties)
        key = (change.resource.type, change.kinds, paths, change.why)
        groups.setdefault(key, []).append(change)
    few = [[change] for group in groups.values() if len(group) <= ALIKE for change in group]
    return [*few, *(group for group in groups.values() if len(group) > ALIKE)]


def _group(group: Sequence[Change], waived: Waived) -> Iterator[Line]:
    first = group[0]
    name = called(group)
    note = f"  ({said})" if (said := _note(first, waived)) else ""
    others = ", ".join(HEADINGS[kind] for kind in first.kinds[1:])
    yield ((f"  {name}", ""), (f"  {others}" if others else "", "dim"), (note, "dim"))
    for why in first.why:
        yield ((f"      {why}", ""),)
    for each in first.properties:
        yield ((f"      {_told(each, many=len(group) > 1)}", "dim"),)
    for source in first.source:
        yield ((f"      {source}", "dim"),)


def _note(change: Change, waived: Waived) -> str:
    """Of what may be either."""
    unanswered = _open(change, waived)
    if "widens" in unanswered:
        return "to decide"
    return "waived" if _asked(change) and not unanswered else ""


def called(group: Sequence[Change]) -> str:
    """How one change, or many equal ones, are called."""
    first = group[0].resource
    if len(group) == 1:
        return first.label
    names = [change.resource.name for change in group]
    listed = ", ".join(names[:ALIKE])
    return f"{len(group)} {first.short_type}: {listed} and {len(group) - ALIKE} more"


def _told(each: Difference, *, many: bool) -> str:
    verdict = "" if each.verdict == "updates" else f"  ({_VERDICTS[each.verdict]})"
    if many:
        return f"{each.path}{verdict}"
    if isinstance(each.old, list) and isinstance(each.new, list):
        gone = [_item(item) for item in each.old if item not in each.new]
        come = [_item(item) for item in each.new if item not in each.old]
        told = "; ".join(
            f"{what} {', '.join(items)}"
            for what, items in (("without", gone), ("with", come))
            if items
        )
        return f"{each.path}: {told or 'in another order'}{verdict}"
    return f"{each.path}: {short(each.old)} -> {short(each.new)}{verdict}"


def _item(value: object) -> str:
    """What tells an item of a list from others, if it has a name."""
    if isinstance(value, Mapping):
        named = next((value[key] for key in NAMES if isinstance(value.get(key), str)), None)
        return str(named) if named else short(value)
    return short(value)


_VERDICTS: Final = {
    "replaces": "makes it anew",
    "ignored": "the provider shows no change",
    "unknown": "could not be told",
}


def short(value: object) -> str:
    """A value on one line, its end cut off."""
    plain = shown(value)
    said = "nothing" if plain is None else plain if isinstance(plain, str) else json.dumps(plain)
    return said if len(said) <= 60 else f"{said[:57]}..."


def _markdown(reviews: Iterable[Review]) -> Iterator[str]:
    for each in reviews:
        mark = {"same": "no change", "clear": "nothing to decide", "decide": "**to decide**"}
        yield f"### {each.stack}: {mark[each.verdict]}"
        yield ""
        if each.changes:
            yield summary(each)
            yield ""
            yield f"Digest `{each.digest}`"
            yield ""
        grave, rest = ([*body(each, kinds)] for kinds in (GRAVE, HEADINGS.keys() - GRAVE))
        yield from grave
        if rest:
            yield "<details><summary>The rest</summary>"
            yield ""
            yield from rest
            yield "</details>"
            yield ""


def body(each: Review, kinds: Container[Kind] = HEADINGS) -> Iterator[str]:
    """The changes of these kinds as Markdown, a list for each."""
    for kind, changes in by_kind(each.changes):
        if kind in kinds:
            yield from _rows(kind, changes, each.waived)


def escaped(text: str) -> str:
    """For Markdown: a star, a bar and an angle bracket are no more than that."""
    return re.sub(r"([*|<])", r"\\\1", text)


def _rows(kind: Kind, changes: Iterable[Change], waived: Waived) -> Iterator[str]:
    yield f"**{HEADINGS[kind]}**"
    yield ""
    for group in alike(changes):
        first = group[0]
        note = f" ({said})" if (said := _note(first, waived)) else ""
        why = escaped("; ".join(first.why))
        paths = ", ".join(f"`{_told(p, many=len(group) > 1)}`" for p in first.properties)
        links = " ".join(f"[source]({url})" for url in first.source)
        told = " ".join(part for part in (why and f"{why}.", paths, links) if part)
        yield f"- {called(group)}{note}{f': {told}' if told else ''}"
    yield ""
