"""CONTRIBUTING.md is true: what it says is done in a copy of the repository, and comes of it."""

import json
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from graph.model import Resource
from tests.contributing.copies import PROGRAMS, copy_to, run
from tests.contributing.page import PAGE, Command, Edit, StaleError, pieces
from tests.stacks import built

TEXT = PAGE.read_text(encoding="utf-8")
TO_DO = list(pieces(TEXT))
RESOURCE = re.compile(r"`([a-z0-9-]+\.\w+ [a-z-]+)`")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """One in which everything of the page is done, in its order."""
    folder = copy_to(tmp_path_factory.mktemp("repository"))
    for piece in TO_DO:
        if isinstance(piece, Edit):
            piece.apply(folder)
        else:
            ran = run(folder, *shlex.split(piece.line))
            assert ran.returncode == 0, f"{piece.line}\n{ran.stdout[-4000:]}{ran.stderr[-2000:]}"
    return folder


@pytest.fixture(scope="module")
def declared(copy):
    """What a stack of the copy declares, by label."""

    @cache
    def preview(stack):
        ran = run(copy, ".venv/bin/python", "-m", "tools", "preview", stack, "--json")
        assert ran.returncode == 0, ran.stderr
        return {
            Resource(urn=r["urn"], type=r["type"], name=r["name"], custom=r["custom"]).label: r
            for r in json.loads(ran.stdout)["resources"]
        }

    return preview


def file(edit: str, *, new: bool = False) -> Edit:
    return Edit("file", edit, new=new)


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.slow
def test_what_is_added_to_a_stack_is_what_the_page_says(declared, stack):
    before = {resource.label for resource in built(stack).resources}

    assert declared(stack).keys() - before == set(RESOURCE.findall(TEXT))


@pytest.mark.parametrize("stack", ["dev", "prod", "qa"])
@pytest.mark.slow
def test_a_stack_passes_the_pack(copy, stack):
    ran = run(copy, ".venv/bin/python", "-m", "tools", "policy", stack)

    assert (ran.returncode, ran.stdout.splitlines()[-1][:7]) == (0, "passes:")


@pytest.mark.slow
def test_the_new_stack_is_one_of_its_tier_with_what_was_added(declared):
    found = declared("qa")

    assert set(RESOURCE.findall(TEXT)) <= found.keys()
    assert found["ec2.Vpc network"]["inputs"]["cidrBlock"] == "10.50.0.0/16"


@pytest.mark.slow
def test_the_new_function_has_its_archive_its_settings_and_its_grants(declared):
    found = declared("prod")
    inputs = found["lambda.Function tally"]["inputs"]
    statements = json.loads(found["iam.RolePolicy tally"]["inputs"]["policy"])["Statement"]

    assert re.fullmatch(r"build/tally-[0-9a-f]{16}\.zip", inputs["code"]["path"])
    assert inputs["environment"]["variables"]["TALLY_TABLE"].startswith("tables-tally")
    assert {"ConnectWriter", "TableTally", "TableLimits"} <= {s["Sid"] for s in statements}


@pytest.mark.slow
def test_the_new_setting_is_documented_and_reaches_the_api(copy, declared):
    reference = (copy / "docs/configuration.md").read_text()

    assert re.search(r"^\| `cors_seconds` \| integer 0 to 86400 \|", reference, re.MULTILINE)
    api = declared("dev")["apigatewayv2.Api http"]
    assert api["inputs"]["corsConfiguration"]["maxAge"] == 86400


@pytest.mark.slow
def test_the_new_code_is_in_style(copy):
    for check in (("check",), ("format", "--check")):
        ran = run(copy, ".venv/bin/ruff", *check)
        assert ran.returncode == 0, ran.stdout


@pytest.mark.slow
def test_the_lock_file_is_what_uv_would_write(copy):
    if not Path(*PROGRAMS[".uv/bin/uv"]).exists():
        pytest.skip("no uv here: make setup brings one")
    ran = run(copy, ".uv/bin/uv", "lock", "--check", "--offline")

    assert ran.returncode == 0, ran.stderr


@pytest.mark.slow
def test_the_new_files_are_where_their_rooms_and_pages_want_them(copy):
    ran = run(copy, ".venv/bin/pytest", "tests/test_rooms.py", "tests/tools/test_openapi.py")

    assert ran.returncode == 0, ran.stdout


def test_every_kind_of_change_has_edits_and_a_command_and_a_stack_the_command_alone():
    sections = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
    found = {text.splitlines()[0]: {type(piece) for piece in pieces(text)} for text in sections}

    assert [title for title, kinds in found.items() if kinds == {Edit, Command}] == [
        "A route of an existing function",
        "A function",
        "A table",
        "A migration",
        "A setting of the stack file",
        "A rule",
    ]
    assert found["A stack"] == {Command}
    assert [piece for piece in TO_DO if isinstance(piece, Edit) and not piece.path] == []


def test_the_resources_that_the_page_counts_are_those_it_names():
    numbers = {"one": 1, "eleven": 11}
    counted = re.findall(r"^It adds (\w+) resource.*?(?:\n\n|\Z)", TEXT, re.MULTILINE | re.DOTALL)

    assert sum(numbers[word] for word in counted) == len(RESOURCE.findall(TEXT)) == 13


@pytest.mark.parametrize("content", ["", "two\n", "a two\n", "two\none\ntwo\nthree\ntwo\nthree\n"])
def test_an_edit_of_what_is_not_there_or_there_twice_is_refused(tmp_path, content):
    (tmp_path / "file").write_text(content)

    with pytest.raises(StaleError, match=r"^file has [02] of:\ntwo\nthree\n$"):
        file(" two\n-three\n").apply(tmp_path)
    assert (tmp_path / "file").read_text() == content


def test_an_edit_adds_removes_and_keeps(tmp_path):
    (tmp_path / "file").write_text("one\ntwo\nfour\n")

    file(" two\n+three\n@@\n-one\n+1\n").apply(tmp_path)

    assert (tmp_path / "file").read_text() == "1\ntwo\nthree\nfour\n"


def test_a_new_file_is_new(tmp_path):
    file("text\n", new=True).apply(tmp_path)

    assert (tmp_path / "file").read_text() == "text\n"
    with pytest.raises(StaleError, match="file is there already"):
        file("text\n", new=True).apply(tmp_path)
