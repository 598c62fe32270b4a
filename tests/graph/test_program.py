"""The platform's own program is run again and again in one process, its modules imported once."""

import sys
from types import FunctionType, ModuleType

from config.stack import read
from graph.engine import run
from graph.model import PACKAGE
from graph.program import ROOT, STATELESS, record


def recorded(stack, **how):
    return record(stack, read(stack).pulumi_config(), **how).to_json()


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


def test_modules_of_the_program_hold_nothing_of_a_run():
    recorded("dev")
    before = {name: state(module) for name, module in own().items()}
    recorded("enterprise", unknown=True)
    after = {name: state(module) for name, module in own().items()}

    assert {room.partition(".")[0] for room in before} == STATELESS
    assert {name: after[name] for name in before} == before


def test_a_stack_after_another_is_as_in_modules_of_its_own(monkeypatch):
    recorded("enterprise")
    after, config = recorded("dev"), read("dev").pulumi_config()
    for name in own():
        monkeypatch.delitem(sys.modules, name)
    fresh = run(ROOT / "__main__.py", project=PACKAGE, stack="dev", config=config)

    assert fresh.to_json() == after
    assert own() == {}


def test_what_the_program_is_made_of_is_imported_once():
    recorded("dev")
    before = own()
    recorded("dev")

    assert own() == before
