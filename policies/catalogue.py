"""The catalogue of controls that rules are there for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml

FILE: Final = Path(__file__).with_name("controls.yaml")

Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: Final[tuple[Severity, ...]] = ("low", "medium", "high", "critical")


@dataclass(frozen=True, kw_only=True)
class Control:
    """``tier`` is where it applies; ``unjudged`` says why a graph cannot show it."""

    id: str
    section: str
    title: str
    severity: Severity
    tier: Literal["all", "production", "feature"]
    set: str
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unjudged: str = ""


@cache
def controls() -> dict[str, Control]:
    """Every control by its id, in the catalogue's order."""
    # The C parser is ten times faster and not in every build of PyYAML.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    sections = yaml.load(FILE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return {
        each["id"]: Control(section=f"{section['section']}. {section['title']}", **each)
        for section in sections
        for each in section["controls"]
    }


def severity(ids: Sequence[str]) -> Severity:
    """The highest of these controls'."""
    return max((controls()[i].severity for i in ids), key=SEVERITIES.index)
