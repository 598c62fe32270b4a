"""The platform's own program is run again and again in one process, its modules imported once."""

import sys
from types import FunctionType, ModuleType

import pytest

from graph.engine import run
from graph.model import PACKAGE
from graph.program import ROOT, STATELESS, record
from tests.stacks import example


def recorded(stack, **how):
    return record(stack, example(stack).pulumi_config(), **how).to_json()


def own():
    """What the program is made of, as far as it has been imported."""
    return {n: m for n, m in sys.modules.items() if n.partition(".")[0] in STATELESS}


def state(thing):
    """All that a module or class of ours holds, and what functions remember, as text."""
    held = {k: v for k, v in vars(thing).items() if not k.startswith("__")}
    return {
        name: state(value)
        if isinstance(value, type) and value.__module__ == getattr(thing, "__name__", None)
        else (repr(value), repr(vars(value)) if isinstance(value, FunctionType) else "")
        for name, value in held.items()
        if not isinstance(value, ModuleType)
    }


def states():
    return {name: state(module) for name, module in own().items()}


@pytest.fixture(scope="module")
def runs():
    """A stack, another one, and the first again, with what there was after each."""
    found = []
    for stack, unknown in (("dev", False), ("enterprise", True), ("dev", False)):
        found.append((recorded(stack, unknown=unknown), own(), states()))
    return found


def test_modules_of_the_program_hold_nothing_of_a_run(runs):
    (_, _, before), (_, _, between), (_, _, after) = runs

    assert {name.partition(".")[0] for name in before} == STATELESS
    assert ({name: between[name] for name in before}, after) == (before, between)


def test_what_the_program_is_made_of_is_imported_once(runs):
    (_, _, _), (_, before, _), (_, after, _) = runs

    assert after == before


def test_a_stack_after_another_is_as_in_modules_of_its_own(runs, monkeypatch):
    *_, (after, _, _) = runs
    for name in own():
        monkeypatch.delitem(sys.modules, name)
    config = example("dev").pulumi_config()
    fresh = run(ROOT / "__main__.py", project=PACKAGE, stack="dev", config=config)

    assert fresh.to_json() == after
    assert own() == {}
