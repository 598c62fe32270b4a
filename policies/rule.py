"""Rules: rows for properties and companions, functions for what spans the stack."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol, TypeVar

from graph.model import UNKNOWN, Resource, Unknown
from policies.catalogue import Severity
from policies.paths import values, wholly
from policies.predicates import Must, shown
from policies.stack import Stack


class Verdict(Enum):
    """What a rule finds of one resource."""

    MET = "met"
    VIOLATED = "violated"
    UNDECIDED = "undecided"
    """It depends on what only AWS can tell."""


class Judgement(NamedTuple):
    """A verdict, its resource (None: the stack as a whole) and what is the matter with it."""

    verdict: Verdict
    resource: Resource | None
    message: str = ""
    change: str = ""
    """The digest of the change it is about, where it is about one."""

    @property
    def label(self) -> str:
        """Its resource as people call it."""
        return self.resource.label if self.resource else "the stack"


def met(resource: Resource | None) -> Judgement:
    """All is well."""
    return Judgement(Verdict.MET, resource)


def violated(resource: Resource | None, message: str, change: str = "") -> Judgement:
    """Something is not, and the message says what was found."""
    return Judgement(Verdict.VIOLATED, resource, message, change)


def undecided(resource: Resource | None, what: str) -> Judgement:
    """``what`` is not known before a deployment."""
    return Judgement(Verdict.UNDECIDED, resource, f"{what} is not known yet")


class Rule(Protocol):
    """What the pack, the report and the controls' table ask of a rule."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def controls(self) -> Sequence[str]: ...
    @property
    def fix(self) -> str: ...
    @property
    def production(self) -> bool: ...
    @property
    def severity(self) -> Severity | None: ...

    def judge(self, stack: Stack) -> Iterable[Judgement]: ...


Judge = Callable[[Stack], Iterator[Judgement]]
Only = Callable[[Resource], bool]
Known = TypeVar("Known")


@dataclass(frozen=True, kw_only=True)
class Spanning:
    """A rule over several resources: a function."""

    name: str
    description: str
    controls: Sequence[str]
    fix: str
    function: Judge
    production: bool = False
    severity: Severity | None = None

    def judge(self, stack: Stack) -> Iterable[Judgement]:
        """Its findings, in the stack's order."""
        return self.function(stack)


def rule(
    *controls: str, fix: str, production: bool = False, severity: Severity | None = None
) -> Callable[[Judge], Spanning]:
    """Make a rule of a function: named like it, described by its docstring.

    ``fix`` says what to change. With ``production`` it is judged in production stacks only.
    ``severity`` is for a rule without a control to take it from.
    """

    def build(function: Judge) -> Spanning:
        return Spanning(
            name=function.__name__.replace("_", "-"),
            description=inspect.getdoc(function) or "",
            controls=controls,
            fix=fix,
            function=function,
            production=production,
            severity=severity,
        )

    return build


def each_known(
    found: Iterable[tuple[Resource, Known | Unknown | None]],
    what: str,
    judge: Callable[[Resource, Known], Judgement | None],
) -> Iterator[Judgement]:
    """The verdict on each resource by what is known of it; nothing is where it is not concerned."""
    for resource, known in found:
        if known is None or isinstance(known, Unknown):
            yield undecided(resource, what)
        elif verdict := judge(resource, known):
            yield verdict


@dataclass(frozen=True, kw_only=True)
class Property:
    """A row: every resource of ``type``, at ``path``, must be so."""

    name: str
    type: str
    path: str
    must: Must
    controls: Sequence[str]
    fix: str
    only: Only | None = None
    """Which resources it is about, told from their own properties."""
    production: bool = False
    severity: Severity | None = None
    """For a row without a control to take it from."""

    @property
    def description(self) -> str:
        """One sentence."""
        kind = self.type.rpartition(":")[2]
        return f"{kind}: {self.path} {self.must}"

    def judge(self, stack: Stack) -> Iterable[Judgement]:
        """One finding a resource."""
        return [self.judge_one(r) for r in stack.of(self.type) if not self.only or self.only(r)]

    def judge_one(self, resource: Resource) -> Judgement:
        """A resource of its type, judged alone."""
        found = values(resource.inputs, self.path)
        faults = [each for each in found if each is not UNKNOWN and not self.must.holds(each)]
        for value in filter(wholly, faults):
            return violated(resource, f"{self.path} is {shown(value)}, must be: {self.must}")
        if faults or (UNKNOWN in found and not self.must.blind):
            return undecided(resource, self.path)
        return met(resource)


@dataclass(frozen=True, kw_only=True)
class Companion:
    """A row: every resource of ``type`` has a ``companion`` whose ``by`` names it."""

    name: str
    type: str
    companion: str
    by: str
    controls: Sequence[str]
    fix: str
    only: Only | None = None
    production: bool = False
    severity: Severity | None = None

    @property
    def description(self) -> str:
        """One sentence."""
        return f"{self.type.rpartition(':')[2]}: has a {self.companion.rpartition(':')[2]}"

    def judge(self, stack: Stack) -> Iterable[Judgement]:
        """One finding a resource."""
        for resource in stack.of(self.type):
            if self.only and not self.only(resource):
                continue
            if stack.companions(resource, self.companion, self.by):
                yield met(resource)
            else:
                kind = self.companion.rpartition(":")[2]
                yield violated(resource, f"no {kind} names it as {self.by}")
