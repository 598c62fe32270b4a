"""A policy report for the eye: what is only to be known first, what fails last, by the verdict."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from typing import Final, TextIO

from policies.evaluate import Finding, remedy, severity_of
from tools.review import lines
from tools.review.lines import Line, count
from tools.review.policy import Report, references

STYLES: Final = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}
INDENT: Final = " " * 9


def text(report: Report) -> str:
    """The report without colour."""
    return lines.text(_lines(report))


def show(report: Report, stream: TextIO) -> None:
    """Write the report, in colour only to a terminal."""
    lines.write(_lines(report), stream)


def _lines(report: Report) -> Iterator[Line]:
    heading = f"{report.graph.project} {report.graph.stack}"
    yield ((heading, "bold"), (f": {count(report.rules, 'rule')}", ""))
    yield from _undecided(report.undecided)
    yield from _waived(report.waived)
    for same in _grouped(report.violations, by=lambda finding: finding.rule.name):
        yield ()
        yield from _violated(same)
    for waiver, why in report.stale:
        yield ()
        yield (("waiver   ", "bold red"), (str(waiver), "bold"))
        yield ((f"{INDENT}{why}", ""),)
    yield ()
    yield _verdict(report)


def _violated(findings: Sequence[Finding]) -> Iterator[Line]:
    """One rule, every resource that breaks it, and once what to do about it."""
    rule = findings[0].rule
    grave = severity_of(rule)
    number = f"  {len(findings)} times" if len(findings) > 1 else ""
    yield ((f"{grave:<9}", STYLES[grave]), (rule.name, "bold"), (number, ""))
    yield ((f"{INDENT}{' '.join(rule.description.split())}", "dim"),)
    for finding in findings:
        change = f"  change: {finding.judgement.change}" if finding.judgement.change else ""
        found = f": {finding.judgement.message}{change}"
        yield ((f"{INDENT}{finding.label}", "green"), (found, ""))
    yield ((f"{INDENT}fix: {remedy(rule)}", ""),)
    if known_as := ", ".join(references(rule)):
        yield ((f"{INDENT}{known_as}", "dim"),)


def _waived(findings: Sequence[Finding]) -> Iterator[Line]:
    """What is excused for one reason together; what ends first comes first."""
    if findings:
        yield ()
        yield (("waived", "bold cyan"),)
    for same in _grouped(sorted(findings, key=_end), by=lambda each: (each.rule.name, _why(each))):
        yield ((f"  {same[0].rule.name}", "bold"), (f"  {_about(same)}", "green"))
        yield ((f"    until {_why(same[0])}", "dim"),)


def _undecided(findings: Sequence[Finding]) -> Iterator[Line]:
    if findings:
        yield ()
        yield (("undecided before the first deployment", "bold cyan"),)
    for same in _grouped(findings, by=lambda finding: finding.rule.name):
        about = (f"  {_about(same)}", "green")
        yield ((f"  {same[0].rule.name}", "bold"), about, (f": {same[0].judgement.message}", "dim"))


def _verdict(report: Report) -> Line:
    counts = ", ".join(
        counted
        for found, counted in (
            (report.violations, f"{len(report.violations)} violated"),
            (report.stale, count(report.stale, "stale waiver")),
            (report.waived, f"{len(report.waived)} waived"),
            (report.undecided, f"{len(report.undecided)} undecided"),
        )
        if found
    )
    word, style = ("passes", "bold green") if report.passes else ("fails", "bold red")
    return ((word, style), (f": {counts}" if counts else "", ""))


def _grouped(
    findings: Iterable[Finding], *, by: Callable[[Finding], Hashable]
) -> list[list[Finding]]:
    """Those alike together, in the order of the first of each."""
    groups: dict[Hashable, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[by(finding)].append(finding)
    return list(groups.values())


def _end(finding: Finding) -> date:
    return finding.waiver.expires if finding.waiver else date.max


def _why(finding: Finding) -> str:
    waiver = finding.waiver
    return f"{waiver.expires}, {waiver.approver}: {waiver.reason}" if waiver else ""


def _about(findings: Sequence[Finding]) -> str:
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    return f"{findings[0].label}{more}"
