"""Who may import whom: the picture in README.md, held to the code's own imports."""

import ast
from pathlib import Path

import pytest

from config.stack import ROOT

ALLOWED = {
    "contract": set(),
    "config": {"contract"},
    "components": {"config", "contract"},
    "functions": {"contract"},
    "archives": {"contract"},
    "layers": {"components", "config", "contract", "archives"},
    "__main__": {"layers", "components", "config"},
    "graph": set(),
    "policies": {"graph"},
    "tools": {"config", "contract", "functions", "archives", "graph", "policies"},
    "benchmarks": {
        "archives",
        "config",
        "contract",
        "functions",
        "graph",
        "policies",
        "tests",
        "tools",
    },
}
"""Each room with the rooms below it. Nothing imports ``tools`` but what measures it."""


def rooms(file: Path) -> set[str]:
    """The top-level rooms that a file imports, its own left out."""
    own = file.relative_to(ROOT).parts[0].removesuffix(".py")
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    found = {name.partition(".")[0] for name in names}
    return {name for name in found if (ROOT / name).is_dir()} - {own}


def files(room: str) -> list[Path]:
    return [ROOT / "__main__.py"] if room == "__main__" else sorted((ROOT / room).rglob("*.py"))


def test_the_table_has_every_room_that_holds_code():
    found = {path.parts[-2] for path in ROOT.glob("*/*.py")} - {"tests"}

    assert found | {"__main__"} == set(ALLOWED)


def test_no_room_stands_on_one_that_stands_on_it():
    below = dict(ALLOWED)
    while below:
        ground = {room for room, others in below.items() if not others & below.keys()}
        assert ground, f"these hold each other up: {', '.join(sorted(below))}"
        below = {room: others for room, others in below.items() if room not in ground}


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_what_is_below_it(room):
    found = {
        f"{file.relative_to(ROOT)} imports {other}"
        for file in files(room)
        for other in rooms(file) - ALLOWED[room]
    }

    assert found == set()


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_uses_every_room_it_may(room):
    assert {other for file in files(room) for other in rooms(file)} >= ALLOWED[room]


LAYERS = {"edge", "api", "data", "security", "operations"}


def folders(*parts: str) -> set[str]:
    return {path.name for path in ROOT.joinpath(*parts).iterdir() if path.is_dir()} - {
        "__pycache__"
    }


def test_rules_and_their_tests_have_the_components_layers_and_one_for_the_whole_stack():
    assert folders("components") == LAYERS
    assert folders("policies", "rules") == LAYERS | {"stack"}
    assert folders("tests", "policies", "rules") == LAYERS | {"stack"}


def test_every_module_of_rules_has_a_test_at_the_same_path():
    modules = {
        path.relative_to(ROOT / "policies/rules").with_suffix("").as_posix()
        for path in (ROOT / "policies/rules").glob("*/*.py")
        if path.stem != "__init__"
    }
    tested = {
        path.relative_to(ROOT / "tests/policies/rules").as_posix().replace("test_", "")[:-3]
        for path in (ROOT / "tests/policies/rules").glob("*/test_*.py")
    }

    assert tested == modules


def test_the_runtimes_tests_have_the_runtimes_folders():
    assert folders("tests", "functions", "platform_runtime") == folders(
        "functions", "platform_runtime"
    )
