"""What the policy pack says of a Graph, and the same as JSON for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.model import Graph
from policies.catalogue import SEVERITIES, controls
from policies.evaluate import Finding, applies, evaluate, remedy, severity_of
from policies.rule import Rule, Verdict
from policies.rules import RULES
from policies.stack import Stack
from policies.waivers import Waiver, stale


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
        "staleWaivers": [_stale(*each) for each in report.stale],
    }
    return json.dumps(data, indent=2) + "\n"


def failures(report: Report) -> list[dict[str, Any]]:
    """Why it does not pass: violations, and waivers that are over or excuse nothing."""
    return [*map(_finding, report.violations), *(_stale(*each) for each in report.stale)]


def references(rule: Rule) -> list[str]:
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


def _finding(finding: Finding) -> dict[str, Any]:
    resource = finding.judgement.resource
    data: dict[str, Any] = {
        "rule": finding.rule.name,
        "severity": severity_of(finding.rule),
        "controls": list(finding.rule.controls),
        "references": references(finding.rule),
        "resource": finding.label,
        "urn": resource.urn if resource else None,
        "message": finding.judgement.message,
        "fix": remedy(finding.rule),
    }
    if finding.judgement.change:
        data["change"] = finding.judgement.change
    if finding.waiver:
        data["waiver"] = finding.waiver.model_dump(mode="json", exclude={"rule", "resource"})
    return data


def _stale(waiver: Waiver, why: str) -> dict[str, Any]:
    return {"rule": waiver.rule, "resource": waiver.resource, "message": why}


def _gravest(finding: Finding) -> int:
    return -SEVERITIES.index(severity_of(finding.rule))
