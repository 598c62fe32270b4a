"""What the policy pack says of a Graph, for the eye and, as JSON, for programs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TextIO

from policies.catalogue import SEVERITIES, controls
from policies.evaluate import Finding, applies, evaluate, severity_of
from policies.rule import Rule, Verdict
from policies.rules import RULES
from policies.stack import Stack
from policies.waivers import Waiver, stale
from tools.graph.model import Graph

STYLES: Final = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}

Line = tuple[tuple[str, str], ...]
"""Pairs of text and its style on a terminal."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """All findings of one stack; ``stale`` are waivers that are over or excuse nothing."""

    graph: Graph
    rules: Sequence[Rule]
    findings: Sequence[Finding]
    stale: Sequence[tuple[Waiver, str]]

    @property
    def violations(self) -> list[Finding]:
        """What fails the stack, the gravest first."""
        return sorted((f for f in self.findings if f.fails), key=_gravest)

    @property
    def waived(self) -> list[Finding]:
        """What would, but for a waiver."""
        return [f for f in self.findings if f.waiver]

    @property
    def undecided(self) -> list[Finding]:
        """What nobody can tell before a deployment."""
        return [f for f in self.findings if f.verdict is Verdict.UNDECIDED]

    @property
    def passes(self) -> bool:
        """Whether the stack may go on."""
        return not self.violations and not self.stale


def judge(
    graph: Graph,
    *,
    today: date,
    waivers: Sequence[Waiver],
    before: Graph | None = None,
    rules: Sequence[Rule] = RULES,
) -> Report:
    """Judge a stack, on a day, beside the one it would replace if that is known."""
    stack = Stack(graph, today, before)
    findings = evaluate(stack, rules, waivers)
    unusable = tuple(stale(waivers, (f.waiver for f in findings), rules, stack))
    asked = [rule for rule in rules if applies(rule, stack)]
    return Report(graph=graph, rules=asked, findings=findings, stale=unusable)


def as_json(report: Report) -> str:
    """Violations, waived and undecided findings, stale waivers, and the counts."""
    data = {
        "project": report.graph.project,
        "stack": report.graph.stack,
        "passes": report.passes,
        "rules": len(report.rules),
        "violations": [_finding(f) for f in report.violations],
        "waived": [_finding(f) for f in report.waived],
        "undecided": [_finding(f) for f in report.undecided],
        "staleWaivers": [
            {"rule": waiver.rule, "resource": waiver.resource, "message": why}
            for waiver, why in report.stale
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def text(report: Report) -> str:
    """The report without colour."""
    return "".join(f"{''.join(part for part, _ in line)}\n" for line in _lines(report))


def show(report: Report, stream: TextIO) -> None:
    """Write the report, in colour only to a terminal."""
    if not stream.isatty():
        stream.write(text(report))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream)
    for line in _lines(report):
        console.print(Text.assemble(*line), soft_wrap=True)


def _finding(finding: Finding) -> dict[str, Any]:
    resource = finding.judgement.resource
    data: dict[str, Any] = {
        "rule": finding.rule.name,
        "severity": severity_of(finding.rule),
        "controls": list(finding.rule.controls),
        "references": _references(finding.rule),
        "resource": finding.label,
        "urn": resource.urn if resource else None,
        "message": finding.judgement.message,
        "fix": finding.rule.fix,
    }
    if finding.judgement.change:
        data["change"] = finding.judgement.change
    if finding.waiver:
        data["waiver"] = finding.waiver.model_dump(mode="json", exclude={"rule", "resource"})
    return data


def _lines(report: Report) -> Iterator[Line]:
    yield (
        (f"{report.graph.project} {report.graph.stack}", "bold"),
        (f": {len(report.rules)} rules", ""),
    )
    for finding in report.violations:
        yield ()
        yield from _violation(finding)
    for waiver, why in report.stale:
        yield ()
        yield (("waiver   ", "bold red"), (str(waiver), "bold"))
        yield ((f"         {why}", ""),)
    yield from _waived(report.waived)
    yield from _undecided(report.undecided)
    yield ()
    yield _verdict(report)


def _violation(finding: Finding) -> Iterator[Line]:
    grave = severity_of(finding.rule)
    yield (
        (f"{grave:<9}", STYLES[grave]),
        (finding.rule.name, "bold"),
        (f"  {finding.label}", "green"),
    )
    yield ((f"         {finding.judgement.message}", ""),)
    yield ((f"         fix: {finding.rule.fix}", ""),)
    if finding.judgement.change:
        yield ((f"         change: {finding.judgement.change}", ""),)
    references = ", ".join(_references(finding.rule))
    if references:
        yield ((f"         {references}", "dim"),)


def _waived(findings: Sequence[Finding]) -> Iterator[Line]:
    if findings:
        yield ()
        yield (("waived", "bold cyan"),)
    for finding in findings:
        if waiver := finding.waiver:
            yield ((f"  {finding.rule.name}", "bold"), (f"  {finding.label}", "green"))
            yield ((f"    until {waiver.expires}, {waiver.approver}: {waiver.reason}", "dim"),)


def _undecided(findings: Sequence[Finding]) -> Iterator[Line]:
    if findings:
        yield ()
        yield (("undecided before the first deployment", "bold cyan"),)
    for name in dict.fromkeys(finding.rule.name for finding in findings):
        about = [finding for finding in findings if finding.rule.name == name]
        first = f"{about[0].label}: {about[0].judgement.message}"
        more = f" and {len(about) - 1} more" if len(about) > 1 else ""
        yield ((f"  {name}", "bold"), (f"  {first}{more}", "dim"))


def _verdict(report: Report) -> Line:
    counts = ", ".join(
        f"{len(found)} {what}"
        for found, what in (
            (report.violations, "violated"),
            (report.stale, "stale waivers"),
            (report.waived, "waived"),
            (report.undecided, "undecided"),
        )
        if found
    )
    word, style = ("passes", "bold green") if report.passes else ("fails", "bold red")
    return ((word, style), (f": {counts}" if counts else "", ""))


def _references(rule: Rule) -> list[str]:
    """The ids other checkers know it by, the control's own first."""
    found = [f"control {i}" for i in rule.controls]
    for i in rule.controls:
        references = controls()[i].references
        found += [r.rstrip("+") for r in references.get("security_hub", ())]
        found += [
            f"CKV2_AWS_{r[2:]}" if r.startswith("2-") else f"CKV_AWS_{r}"
            for r in references.get("checkov", ())
        ]
    return list(dict.fromkeys(found))


def _gravest(finding: Finding) -> int:
    return -SEVERITIES.index(severity_of(finding.rule))
