"""One Markdown document for a pull request: what a person must decide first, then the detail."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from policies.evaluate import Finding, remedy, severity_of
from tools.review import diff, gate
from tools.review.diff import HEADINGS, Review
from tools.review.policy import Report

COMMENT: Final = 65_536
"""The most characters a comment on GitHub takes, by its API's own error: ``body is too long``."""
CUT: Final = "\n_More was cut: `python -m tools report` has it whole._\n"

MOST: Final = 3
"""Resources that break one rule in one way, before there are just so many more."""

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


def markdown(parts: Sequence[Part], *, today: date, limit: int = COMMENT) -> str:
    """The document. What does not fit is left out from its end, and never what must be decided."""
    head = "\n".join(_head(parts))
    details = ["\n".join(lines) for lines in _details(parts, today)]
    whole = "\n".join([head, *details]) + "\n"
    if len(whole) <= limit:
        return whole
    kept = [head]
    for detail in details:
        if len("\n".join([*kept, detail])) + len(CUT) > limit:
            break
        kept.append(detail)
    return "\n".join(kept)[: limit - len(CUT)] + CUT


def _head(parts: Sequence[Part]) -> Iterator[str]:
    stopped = gate.status((p.review for p in parts), (p.report for p in parts))
    yield f"## Infrastructure: {'a decision is needed' if stopped else 'nothing to decide'}"
    yield ""
    yield "| stack | verdict | " + " | ".join(HEADINGS.values()) + " | policy |"
    yield "| --- | --- |" + " ---: |" * len(HEADINGS) + " --- |"
    for part in parts:
        yield _row(part)
    yield ""
    decisions = [line for part in parts for line in _decisions(part)]
    if decisions:
        yield "### To decide"
        yield ""
        yield from decisions
        yield ""


def _row(part: Part) -> str:
    found = dict(diff.by_kind(part.review.changes))
    counts = " | ".join(str(len(found[kind])) if kind in found else "" for kind in HEADINGS)
    fails = len(part.report.violations) + len(part.report.stale)
    policy = f"**{fails} violated**" if fails else "passes"
    verdict = "**decide**" if part.review.undecided else "clear" if found else "no change"
    return f"| {part.stack} | {verdict} | {counts} | {policy} |"


def _decisions(part: Part) -> Iterator[str]:
    approvals = {
        (finding.rule.name, finding.label): finding.judgement.change
        for finding in part.report.violations
        if finding.rule in diff.APPROVED_BY.values()
    }
    told: set[tuple[str, str]] = set()
    for group in diff.alike(part.review.undecided):
        kinds, why = group[0].kinds, "; ".join(group[0].why)
        yield f"- {part.stack}: **{diff.called(group)}** {HEADINGS[kinds[0]]}. {why}"
        for change in group:
            for kind, rule in diff.APPROVED_BY.items():
                key = (rule.name, change.resource.label)
                if kind in kinds and key in approvals:
                    told.add(key)
                    yield f"  - to approve: a waiver of `{rule.name}`, change `{approvals[key]}`"
    rest = [f for f in part.report.violations if (f.rule.name, f.label) not in told]
    for found in _by_rule(rest):
        yield f"- {part.stack}: {_said(found)}"
    for waiver, why in part.report.stale:
        yield f"- {part.stack}: waiver of `{waiver.rule}` on {waiver.resource}: {why}"


def _by_rule(findings: Iterable[Finding]) -> Iterable[list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.rule.name, []).append(finding)
    return found.values()


def _said(findings: Sequence[Finding]) -> str:
    """One rule, and what breaks it."""
    first = findings[0]
    labels = ", ".join(finding.label for finding in findings[:MOST])
    more = f" and {len(findings) - MOST} more" if len(findings) > MOST else ""
    message = f"{first.judgement.message}, {severity_of(first.rule)}"
    return f"`{first.rule.name}` on {labels}{more}: {message}. Fix: {remedy(first.rule)}"


def _details(parts: Sequence[Part], today: date) -> Iterator[list[str]]:
    """In the order in which they are kept: the last is cut first."""
    for part in parts:
        if part.review.changes:
            yield [diff.markdown([part.review])]
    configuration = [line for part in parts for line in _configuration(part)]
    if configuration:
        yield ["### Stack files", "", *configuration, ""]
    archives = [line for part in parts for line in _archives(part)]
    if archives:
        yield ["### Archives that change", "", *archives, ""]
    waivers = [*_waivers(parts, today)]
    if waivers:
        yield ["### Waivers in force", "", *waivers, ""]


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


def _archives(part: Part) -> Iterator[str]:
    changed = sorted(
        change.resource.name
        for change in part.review.changes
        if change.resource.type == "aws:lambda/function:Function"
        and any(re.match(r"code\b", each.path) for each in change.properties)
    )
    if changed:
        yield f"- {part.stack}: {', '.join(changed)}"


def _waivers(parts: Iterable[Part], today: date) -> Iterator[str]:
    found: dict[tuple[str, str, date, str], list[str]] = {}
    for part in parts:
        for finding in part.report.waived:
            if finding.waiver:
                waiver = finding.waiver
                key = (waiver.rule, waiver.resource, waiver.expires, waiver.reason)
                stacks = found.setdefault(key, [])
                if part.stack not in stacks:
                    stacks.append(part.stack)
    for (rule, resource, expires, reason), stacks in sorted(found.items(), key=lambda e: e[0][2]):
        days = (expires - today).days
        yield f"- `{rule}` on {resource}, {', '.join(stacks)}: {days} days left. {reason}"
