"""How much of what makes a production stack weaker the pack finds."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from graph.model import Graph, Resource
from policies.rule import Property, Rule, Verdict
from policies.rules import RULES
from policies.stack import Stack
from tests.policies.cases import TODAY
from tests.policies.mutants import Mutant, mutants
from tests.policies.variants import Variant
from tests.stacks import built

BENIGN = Path(__file__).with_name("benign.yaml")
LEAST_SHARE = 0.97
LEAST_FOUND = 600


class Benign(NamedTuple):
    """Mutants that do not make the stack weaker: patterns, and why."""

    type: str
    path: str
    kind: str
    reason: str

    def covers(self, mutant: Mutant) -> bool:
        return all(
            fnmatchcase(value, pattern)
            for value, pattern in (
                (mutant.type, self.type),
                (mutant.path.replace("[", "<").replace("]", ">"), self.path),
                (mutant.kind, self.kind),
            )
        )


class Watching(Stack):
    """A stack that knows which types it was asked about."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph, TODAY)
        self.asked: set[str] = set()

    def of(self, *types: str) -> list[Resource]:
        self.asked |= {*types}
        return super().of(*types)


@cache
def asked() -> dict[str, set[str]]:
    """The types each rule looks at: what it does not look at cannot change its mind."""
    found = {}
    for rule in RULES:
        stack = Watching(built("prod"))
        list(rule.judge(stack))
        found[rule.name] = stack.asked
    return found


@cache
def sound() -> Stack:
    """The stack as built."""
    return Stack(built("prod"), TODAY)


@cache
def faults() -> dict[str, set[Any]]:
    """What each rule finds in it: waived, if anything."""
    return {rule.name: _faults(rule, sound()) for rule in RULES}


def _faults(rule: Rule, stack: Stack) -> set[Any]:
    return {
        (j.resource.urn if j.resource else None, j.message)
        for j in rule.judge(stack)
        if j.verdict is Verdict.VIOLATED
    }


def caught(mutant: Mutant) -> str | None:
    """The first rule that finds fault with it and not with the stack as built."""
    stack = Variant(sound(), mutant)
    for rule in RULES:
        if isinstance(rule, Property):
            concerned = mutant.new and rule.type == mutant.type
            if not concerned or (rule.only and not rule.only(mutant.new)):
                continue
            now, before = rule.judge_one(mutant.new), rule.judge_one(mutant.old)
            if now.verdict is Verdict.VIOLATED and now.message != before.message:
                return rule.name
        elif mutant.type in asked()[rule.name] and _faults(rule, stack) - faults()[rule.name]:
            return rule.name
    return None


def mends(mutant: Mutant) -> bool:
    """Whether it is what a row wants and the stack as built is not: no weaker stack."""
    rows = [r for r in RULES if isinstance(r, Property) and r.type == mutant.type]
    return mutant.new is not None and any(
        row.judge_one(mutant.old).verdict is Verdict.VIOLATED
        and row.judge_one(mutant.new).verdict is Verdict.MET
        for row in rows
        if not row.only or row.only(mutant.old)
    )


@cache
def benign() -> list[Benign]:
    return [Benign(**row) for row in yaml.safe_load(BENIGN.read_text())]


@cache
def tried() -> list[Mutant]:
    return [mutant for mutant in mutants(built("prod")) if not mends(mutant)]


@cache
def alive() -> list[Mutant]:
    """What no rule finds."""
    return [mutant for mutant in tried() if not caught(mutant)]


def missed() -> list[Mutant]:
    """What no rule finds and should."""
    return [mutant for mutant in alive() if not any(row.covers(mutant) for row in benign())]


def test_nearly_all_that_weakens_a_production_stack_is_found():
    found = len(tried()) - len(alive())
    share = found / (found + len(missed()))
    listed = "\n".join(map(str, missed()))

    assert found > LEAST_FOUND
    assert share >= LEAST_SHARE, f"{share:.1%} of {found + len(missed())}; missed:\n{listed}"


def test_what_is_called_benign_exists_and_is_found_by_no_rule():
    idle = [row for row in benign() if not any(row.covers(mutant) for mutant in alive())]

    assert idle == []


@pytest.mark.parametrize("mutant", tried()[::40], ids=str)
def test_a_variant_is_judged_like_the_whole_stack_it_stands_for(mutant):
    variant, whole = Variant(sound(), mutant), Stack(mutant.of(built("prod")), TODAY)

    assert {r.name: _faults(r, variant) for r in RULES} == {
        r.name: _faults(r, whole) for r in RULES
    }


def main(patterns: Sequence[str]) -> None:
    """List what no rule finds: ``python -m tests.policies.test_mutation [type]``."""
    for mutant in missed():
        if not patterns or any(pattern in mutant.type for pattern in patterns):
            print(mutant.type, "|", mutant)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
