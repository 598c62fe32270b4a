"""Waivers: documented exceptions to rules, each with an end."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from graph.model import Graph
from policies.rule import Judgement, Rule, Verdict
from policies.stack import Stack, tiers

FILE: Final = Path(__file__).with_name("waivers.yaml")

Text = Annotated[str, StringConstraints(min_length=3, strip_whitespace=True)]


class WaiverError(Exception):
    """The file of waivers is not one; the message names each mistake."""


class Waiver(BaseModel):
    """One rule, on one resource or several by pattern, in stacks of a tier or by name, until a
    day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Text
    resource: Text
    """``s3.Bucket logs``, or a pattern of that form."""
    tiers: tuple[Literal["starter", "growth", "pro", "enterprise"], ...] = ()
    """What a tier cannot meet is so in every stack of it, whatever that is called."""
    stacks: tuple[str, ...] = ()
    reason: Text
    approver: Text
    expires: date
    change: str | None = None
    """For a change that destroys data: its digest, so that it cannot approve a second one."""

    @model_validator(mode="after")
    def _is_of_some(self) -> Self:
        if bool(self.tiers) == bool(self.stacks):
            raise ValueError("either tiers or stacks, and at least one of them")
        if self.change and not self.stacks:
            raise ValueError("a change is one stack's: name it in stacks")
        return self

    def holds_in(self, graph: Graph) -> bool:
        """Whether it is meant for a stack."""
        return graph.stack in self.stacks or not tiers(graph).isdisjoint(self.tiers)

    def excuses(self, rule: Rule, judgement: Judgement, stack: Stack) -> bool:
        """Whether it is about this violation, whatever the day."""
        return (
            judgement.verdict is Verdict.VIOLATED
            and self.rule == rule.name
            and self.holds_in(stack.graph)
            and (self.change or "") == judgement.change
            and fnmatchcase(judgement.label, self.resource)
        )

    def __str__(self) -> str:
        return f"{self.rule} on {self.resource}"


_FORM: Final = TypeAdapter(list[Waiver])


@cache
def read(path: Path = FILE) -> tuple[Waiver, ...]:
    """The waivers of a file. Raises WaiverError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        return tuple(_FORM.validate_python(data))
    except OSError as error:
        raise WaiverError(f"{path.name}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise WaiverError(f"{path.name}: no YAML: {error}") from error
    except ValidationError as error:
        mistakes = [
            ": ".join([path.name, *filter(None, [".".join(map(str, e["loc"]))]), e["msg"]])
            for e in error.errors()
        ]
        raise WaiverError("\n".join(mistakes)) from error


def matching(
    waivers: Iterable[Waiver], rule: Rule, judgement: Judgement, stack: Stack
) -> Waiver | None:
    """The one that excuses this, if it has not ended; nearly all there is needs no excuse."""
    if judgement.verdict is not Verdict.VIOLATED:
        return None
    for waiver in waivers:
        if waiver.expires >= stack.today and waiver.excuses(rule, judgement, stack):
            return waiver
    return None


def stale(
    waivers: Sequence[Waiver], used: Iterable[Waiver | None], rules: Iterable[Rule], stack: Stack
) -> Iterator[tuple[Waiver, str]]:
    """The waivers that fail the stack themselves, each with why: it is over, or excuses nothing in
    a stack that it names; one stack of a tier may do better than another."""
    names, in_use = {rule.name for rule in rules}, set(used)
    for waiver in waivers:
        if waiver.rule not in names:
            yield waiver, "there is no such rule: remove it, or write the rule's name as it is"
        elif not waiver.holds_in(stack.graph):
            continue
        elif waiver.expires < stack.today:
            yield waiver, f"expired on {waiver.expires}: mend the stack, or have it approved again"
        elif waiver not in in_use and waiver.stacks:
            yield waiver, "excuses nothing: remove it"
