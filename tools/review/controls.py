"""Which controls each example meets, and by what: docs/controls.md."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from policies.catalogue import Control, controls
from policies.evaluate import Finding
from policies.rule import Companion, Property, Rule, Verdict
from tools.review.policy import Report

FILE: Final = Path("docs/controls.md")


class Standing(Enum):
    """How a stack stands to a control."""

    MET = "met"
    WAIVED = "waived"
    UNMET = "**not met**"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "n/a"
    UNJUDGED = "not judgeable"


COUNTED: Final = (Standing.MET, Standing.WAIVED, Standing.UNMET, Standing.UNDECIDED)


@dataclass(frozen=True)
class Row:
    """One control, and each stack's standing to it."""

    control: Control
    rules: Sequence[Rule]
    standings: Mapping[str, Standing]
    findings: Mapping[str, Sequence[Finding]]


def rows(reports: Mapping[str, Report], rules: Sequence[Rule]) -> list[Row]:
    """Every control of the catalogue, judged in each stack by what its rules found there."""
    return [_row(control, reports, rules) for control in controls().values()]


def _row(control: Control, reports: Mapping[str, Report], rules: Sequence[Rule]) -> Row:
    judging = [rule for rule in rules if control.id in rule.controls]
    names = {rule.name for rule in judging}
    findings = {
        stack: [f for f in report.findings if f.rule.name in names]
        for stack, report in reports.items()
    }
    standings = {
        stack: standing(found) if judging else Standing.UNJUDGED
        for stack, found in findings.items()
    }
    return Row(control, judging, standings, findings)


def standing(findings: Sequence[Finding]) -> Standing:
    """Met is what rules looked at and found so; without a subject there is nothing to meet."""
    if any(finding.fails for finding in findings):
        return Standing.UNMET
    if any(finding.waiver for finding in findings):
        return Standing.WAIVED
    if any(finding.verdict is Verdict.UNDECIDED for finding in findings):
        return Standing.UNDECIDED
    return Standing.MET if findings else Standing.NOT_APPLICABLE


def share(rows: Iterable[Row], stack: str) -> tuple[int, int]:
    """Controls met and controls that apply, waived ones among the latter."""
    counts = Counter(row.standings[stack] for row in rows)
    return counts[Standing.MET], sum(counts[each] for each in COUNTED)


def markdown(rows: Sequence[Row], stacks: Sequence[str]) -> str:
    """The page."""
    return "\n".join([*_head(rows, stacks), *_sections(rows, stacks), *_notes(rows), ""])


def _head(rows: Sequence[Row], stacks: Sequence[str]) -> Iterator[str]:
    yield "# Controls"
    yield ""
    yield "What the stacks in `examples/`, one a tier, show of the catalogue in"
    yield "`policies/controls.yaml`, judged by the rules of `policies/rules`. Written by"
    yield "`make docs`; a test keeps it current. *Met*: every resource the control is about was"
    yield "looked at, and is so. *Waived*: an exception of `examples/waivers.yaml`, which counts as"
    yield "applicable and not as met. *n/a*: the stack has nothing the control is about, or its"
    yield "tier is not asked for it."
    yield ""
    yield "| | " + " | ".join(stacks) + " |"
    yield "| --- |" + " ---: |" * len(stacks)
    for what in Standing:
        counts = [sum(row.standings[s] is what for row in rows) for s in stacks]
        if any(counts):
            yield f"| {what.value} | " + " | ".join(map(str, counts)) + " |"
    shares = [share(rows, stack) for stack in stacks]
    yield "| met / applicable | " + " | ".join(f"{m} / {n}" for m, n in shares) + " |"
    yield "| before waivers | " + " | ".join(f"{m / n:.0%}" for m, n in shares) + " |"


def _sections(rows: Sequence[Row], stacks: Sequence[str]) -> Iterator[str]:
    for section in dict.fromkeys(row.control.section for row in rows):
        yield ""
        yield f"## {section}"
        yield ""
        yield "| Control | Severity | " + " | ".join(stacks) + " | Shown by |"
        yield "| --- | --- |" + " --- |" * len(stacks) + " --- |"
        for row in rows:
            if row.control.section == section:
                found = " | ".join(row.standings[s].value for s in stacks)
                control = f"{row.control.id} {row.control.title}"
                yield f"| {control} | {row.control.severity} | {found} | {_shown(row)} |"


def _shown(row: Row) -> str:
    if not row.rules:
        return row.control.unjudged
    return "<br>".join(f"`{rule.name}`{_where(rule)}" for rule in row.rules)


def _where(rule: Rule) -> str:
    kind = getattr(rule, "type", "").rpartition(":")[2]
    if isinstance(rule, Property):
        return f" {kind} `{rule.path}`"
    if isinstance(rule, Companion):
        return f" {kind} has {rule.companion.rpartition(':')[2]}"
    return ""


def _notes(rows: Sequence[Row]) -> Iterator[str]:
    """The exceptions, each once, with who may tell more and until when."""
    waived = {
        (f.rule.name, f.label, f.waiver): stack
        for row in rows
        for stack, findings in row.findings.items()
        for f in findings
        if f.waiver
    }
    if waived:
        yield ""
        yield "## Exceptions"
        yield ""
        yield "| Rule | Resource | Tiers | Until | Reason |"
        yield "| --- | --- | --- | --- | --- |"
    for name, label, waiver in sorted(waived, key=lambda each: each[:2]):
        if waiver:
            where = ", ".join(waiver.tiers or waiver.stacks)
            yield f"| `{name}` | {label} | {where} | {waiver.expires} | {waiver.reason} |"
