"""One Markdown document for a pull request: what a person must decide first, then the detail."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from policies.evaluate import Finding, remedy, severity_of
from tools.review import diff, gate, risks
from tools.review.diff import HEADINGS
from tools.review.sections import CLOSE, Part, Site, details, folded

COMMENT: Final = 65_536
"""The most characters a comment on GitHub takes, by its API's own error: ``body is too long``."""
CUT: Final = "\n_More was cut: `python -m tools report` has it whole._\n"

DECIDING: Final = (
    "What is lost or opened needs a waiver for this one change; what is refused has to be changed; "
    "a broken rule is mended or waived."
)
MOST: Final = 3
"""Resources that break one rule in one way, before there are just so many more."""


def markdown(
    parts: Sequence[Part],
    *,
    today: date,
    site: Site | None = None,
    left: Sequence[str] = (),
    limit: int = COMMENT,
) -> str:
    """The document; ``left`` are the stacks that lose their file. What does not fit is left out
    from its end, and never what must be decided."""
    head = "\n".join(_head(parts, left))
    found = ["\n".join(lines) for lines in details(parts, site, today)]
    whole = "\n".join([head, *found]) + "\n"
    if len(whole) <= limit:
        return whole
    kept = head
    for detail in found:
        if len(kept) + 1 + len(detail) + len(CUT) > limit:
            kept = f"{kept}\n{_begun(detail, limit - len(kept) - 1 - len(CUT))}"
            break
        kept = f"{kept}\n{detail}"
    return kept[: limit - len(CUT) - 1].rstrip("\n") + "\n" + CUT


def _begun(detail: str, room: int) -> str:
    """Its first lines, and what they opened closed again; nothing if that is the heading alone."""
    lines: list[str] = []
    size = 0
    for line in detail.splitlines():
        closing = len(CLOSE) * (sum("<details>" in each for each in [*lines, line]))
        if size + len(line) + 1 + closing > room:
            break
        lines.append(line)
        size += len(line) + 1
    begun = "\n".join(lines)
    still = begun.count("<details>") - begun.count("</details>")
    return begun + CLOSE * still if len(lines) > MOST else ""


def _head(parts: Sequence[Part], left: Sequence[str]) -> Iterator[str]:
    stopped = gate.status((p.review for p in parts), (p.report for p in parts))
    yield f"## Infrastructure: {'a decision is needed' if stopped else 'nothing to decide'}"
    yield ""
    yield "| stack | verdict | changes | policy |"
    yield "| --- | --- | --- | --- |"
    for part in parts:
        yield _row(part)
    for stack in left:
        yield f"| {stack} | **left behind** | {diff.LEFT_BEHIND} | |"
    yield ""
    yield from risks.table([part.review for part in parts], several=len(parts) > 1)
    decisions = [
        f"- {part.stack}: {line[2:]}" if len(parts) > 1 else line
        for part in parts
        for line in _decisions(part)
    ]
    if decisions:
        yield "### To decide"
        yield ""
        yield DECIDING
        yield ""
        yield from folded("More to decide", decisions)


def _row(part: Part) -> str:
    found = diff.by_kind(part.review.changes)
    called = {**HEADINGS, **risks.CALLED}
    counts = ", ".join(f"{len(changes)} {called[kind]}" for kind, changes in found)
    broken = [
        f"{len(each)} {what}"
        for each, what in ((part.report.violations, "broken"), (part.report.stale, "stale"))
        if each
    ]
    policy = f"**{', '.join(broken)}**" if broken else "passes"
    undecided = len(part.review.undecided)
    verdict = f"**{undecided} to decide**" if undecided else "clear" if found else "no change"
    return f"| {part.stack} | {verdict} | {counts} | {policy} |"


def _decisions(part: Part) -> Iterator[str]:
    """What somebody has to do: for each change, for each rule, and for waivers of no use."""
    approvals = {
        (finding.rule.name, finding.label): finding.judgement.change
        for finding in part.report.violations
        if finding.rule in diff.APPROVED_BY.values()
    }
    told: set[tuple[str, str]] = set()
    for change in part.review.undecided:
        label = change.resource.label
        rules = {diff.APPROVED_BY[kind].name for kind in change.kinds if kind in diff.APPROVED_BY}
        waivers = {rule: approvals.get((rule, label)) for rule in sorted(rules)}
        told |= {(rule, label) for rule in waivers}
        ways = [
            f"waiver of `{rule}`, change `{digest}`" for rule, digest in waivers.items() if digest
        ]
        if "refused" in change.kinds:
            ways.append("refused as it is: change it")
        yield f"- {label}: {'; '.join(ways or map(diff.escaped, change.why))}"
    for found in _by_rule(f for f in part.report.violations if (f.rule.name, f.label) not in told):
        yield f"- {_said(found)}"
    stale: dict[str, list[str]] = {}
    for waiver, problem in part.report.stale:
        stale.setdefault(problem, []).append(f"`{waiver.rule}` on {diff.escaped(waiver.resource)}")
    for problem, found_stale in stale.items():
        yield f"- waiver of {', '.join(found_stale)}: {problem}"


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
    message = diff.escaped(f"{first.judgement.message}, {severity_of(first.rule)}")
    return (
        f"`{first.rule.name}` on {labels}{more}: {message}. Fix: {diff.escaped(remedy(first.rule))}"
    )
