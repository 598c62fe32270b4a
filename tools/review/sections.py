"""The parts of a report below what must be decided."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tools.release.site import bundle as bundles
from tools.release.site.bundle import Bundle
from tools.review import diff
from tools.review.diff import Review
from tools.review.policy import Report

CLOSE: Final = "\n</details>\n"
FEW: Final = 8
"""Lines that need no folding."""
LIMITS: Final = {
    "all files": bundles.MOST_KB,
    "the largest chunk": bundles.MOST_CHUNK_KB,
}

Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One stack: what changes, what the pack says of it, and its file before and after."""

    review: Review
    report: Report
    before: Values | None
    after: Values

    @property
    def stack(self) -> str:
        """Its name."""
        return self.review.stack


@dataclass(frozen=True, kw_only=True)
class Site:
    """A built site and, where it is known, the one before it."""

    after: Bundle
    before: Bundle | None = None


def folded(more: str, lines: Sequence[str]) -> Iterator[str]:
    """A list, of which the first are seen and the others unfold."""
    seen = len(lines) if len(lines) <= FEW + 1 else FEW
    yield from lines[:seen]
    yield ""
    if lines[seen:]:
        yield f"<details><summary>{more}: {len(lines) - seen}</summary>"
        yield ""
        yield from lines[seen:]
        yield CLOSE


def details(parts: Sequence[Part], site: Site | None, today: date) -> Iterator[list[str]]:
    """In the order in which they are kept: the last is cut first."""
    configuration = [line for part in parts for line in _configuration(part)]
    if configuration:
        yield ["### Stack files", "", *folded("More of them", configuration)]
    archives = [*_archives(parts)]
    if archives:
        yield ["### Archives that change", "", *archives, ""]
    if site:
        yield ["### Site", "", *_site(site), ""]
    waivers = [*_waivers(parts, today)]
    if waivers:
        title = f"{len(waivers)} waivers in force, the next ends in {waivers[0][0]} days"
        yield [
            f"<details><summary>{title}</summary>",
            "",
            *(line for _, line in waivers),
            CLOSE,
        ]
    for part in parts:
        if part.review.changes:
            yield [*_changes(part.review)]


def _changes(review: Review) -> Iterator[str]:
    """All of one stack, unfolded if that is little."""
    body = [*diff.body(review)]
    yield f"### {review.stack}"
    yield ""
    if sum(line.startswith("- ") for line in body) <= FEW:
        yield from body
        return
    yield f"<details><summary>{diff.summary(review)}</summary>"
    yield ""
    yield from body
    yield CLOSE


def _configuration(part: Part) -> Iterator[str]:
    if part.before is None:
        yield f"- {part.stack}: a new file"
        return
    old, new = dict(flat(part.before)), dict(flat(part.after))
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            yield f"- {part.stack}: `{path}` {_value(old, path)} -> {_value(new, path)}"


def _value(values: Mapping[str, Any], path: str) -> str:
    return f"`{json.dumps(values[path], default=str)}`" if path in values else "(unsaid)"


def flat(values: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Each value of a stack file under its path, as in ``database.replicas``."""
    if isinstance(values, Mapping) and values:
        for key, value in values.items():
            yield from flat(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, values


def _archives(parts: Iterable[Part]) -> Iterator[str]:
    """Of which functions; of several stacks at once where they are the same."""
    found: dict[tuple[str, ...], list[str]] = {}
    for part in parts:
        changed = sorted(
            change.resource.name
            for change in part.review.changes
            if change.resource.type == "aws:lambda/function:Function"
            and any(re.match(r"code\b", each.path) for each in change.properties)
        )
        if changed:
            found.setdefault(tuple(changed), []).append(part.stack)
    for names, stacks in found.items():
        yield f"- {', '.join(stacks)}: {', '.join(names)}"


def _site(site: Site) -> Iterator[str]:
    """Its size against the limits, beside the one before."""
    yield f"| | size |{' before |' if site.before else ''} limit |"
    yield f"| --- | ---: |{' ---: |' if site.before else ''} ---: |"
    sizes = [_sizes(each) for each in (site.after, site.before) if each]
    for (name, limit), *values in zip(LIMITS.items(), *sizes, strict=True):
        yield f"| {name} | {' | '.join(map(bundles.kb, values))} | {limit} KB |"
    for problem in bundles.too_big(site.after):
        yield ""
        yield f"**Too big to be released**: {problem}"


def _sizes(bundle: Bundle) -> tuple[int, int]:
    chunk = max((len(file.body) for file in bundle.chunks), default=0)
    return bundle.size_bytes, chunk


def _waivers(parts: Iterable[Part], today: date) -> list[tuple[int, str]]:
    """Each with the days that it has left; what ends first comes first."""
    found: dict[tuple[str, str, date, str], list[str]] = {}
    for part in parts:
        for finding in part.report.waived:
            if finding.waiver:
                waiver = finding.waiver
                key = (waiver.rule, waiver.resource, waiver.expires, waiver.reason)
                stacks = found.setdefault(key, [])
                if part.stack not in stacks:
                    stacks.append(part.stack)
    return [
        (
            days := (expires - today).days,
            f"- `{rule}` on {diff.escaped(resource)}, {', '.join(stacks)}: {days} days left. "
            f"{diff.escaped(reason)}",
        )
        for (rule, resource, expires, reason), stacks in sorted(
            found.items(), key=lambda each: each[0][2]
        )
    ]
