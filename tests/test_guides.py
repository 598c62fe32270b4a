"""What the pages for people point at exists: links, anchors, files, names and commands."""

import ast
import re
from collections import Counter
from itertools import pairwise
from urllib.parse import urlsplit

import botocore.session
import pytest
import typer
from botocore import xform_name

from config.stack import ROOT
from tests import test_rooms
from tests.contributing.page import made
from tools import cli

PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
WALKS = ROOT / "docs/reading.md"
BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```$|((?:^ {4}[^\n]*\n)+)", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`]+)`")
MADE = "build"
FOLDERS = {p.name for p in ROOT.iterdir() if p.is_dir() and p.name[0] != "."} - {MADE}
AWS_CLI_OWN = {"s3 cp", "s3 rm", "cloudtrail validate-logs", "logs tail"}
"""No operations of an API: https://docs.aws.amazon.com/cli/latest/reference/"""
AWS_CLI_OPTIONS = {"query", "output", "cli-binary-format", "cli-read-timeout"}

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def prose(page):
    return BLOCK.sub("", page.read_text())


def code(page):
    """Lines of blocks, those that are continued as one, and inline code."""
    blocks = "".join(a or b for a, b in BLOCK.findall(page.read_text()))
    lines = blocks.replace("\\\n", " ").splitlines()
    return [" ".join(text.split()) for text in (*lines, *INLINE.findall(prose(page)))]


def found(page, pattern):
    return {match for text in code(page) for match in re.findall(pattern, text)}


def anchors(page):
    """GitHub's: lower case, hyphens for spaces, no punctuation, and a number if there are two."""
    seen = Counter()
    for title in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        yield f"{slug}-{seen[slug]}" if seen[slug] else slug
        seen[slug] += 1


def leads_nowhere(page, link):
    target = page.parent / link.path if link.path else page
    return not target.exists() or (bool(link.fragment) and link.fragment not in anchors(target))


@each_page
def test_every_link_and_anchor_leads_somewhere(page):
    targets = re.findall(r"\]\(([^)\s]+)\)", INLINE.sub("", prose(page)))
    links = [link for link in map(urlsplit, targets) if not link.scheme]

    assert [link.geturl() for link in links if leads_nowhere(page, link)] == []


@each_page
def test_every_file_that_is_named_exists(page):
    named = [text for text in code(page) if re.fullmatch(r"\w[\w./-]*", text) and "/" in text]
    own = [name for name in named if name.split("/")[0] in FOLDERS and "NNNN" not in name]

    assert [name for name in own if not (ROOT / name).exists() and name not in made()] == []


def steps():
    """Of the walks: a file, and the names to look for in it."""
    for step in re.findall(r"^\d+\. (.+)$", WALKS.read_text(), re.MULTILINE):
        yield INLINE.findall(step)[0], INLINE.findall(step)[1:]


def defined(file):
    """What a module defines, fields and methods of its classes too; of other files all words."""
    if file.suffix != ".py":
        return set(re.findall(r"\w+", file.read_text()))
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
    return names


@pytest.mark.parametrize(("file", "names"), list(steps()))
def test_a_walks_file_has_what_one_is_to_look_for(file, names):
    text, known = (ROOT / file).read_text(), defined(ROOT / file)

    assert [name for name in names if name.isidentifier() and name not in known] == []
    assert [name for name in names if name not in text and not (ROOT / name).exists()] == []


def test_the_walks_begin_with_the_table_of_rooms():
    """Each arrow of the picture is one of the table; those of tools are all that it has."""
    (picture,) = re.findall(r"^```text\n(.+?)```$", WALKS.read_text(), re.DOTALL | re.MULTILINE)
    rooms = [re.split(r" -+> ", line.strip()) for line in picture.splitlines()]
    arrows = {
        (above, below)
        for line in rooms
        for above, text in pairwise(line)
        for below in text.split("   ")[0].split(", ")
    }

    assert {(a, b) for a, b in arrows if b not in test_rooms.ALLOWED[a]} == set()
    assert {above for above, _ in arrows} == {a for a, b in test_rooms.ALLOWED.items() if b} - {
        "benchmarks"
    }
    assert {below for above, below in arrows if above == "tools"} == test_rooms.ALLOWED["tools"]


def keys():
    """Of a stack file, with dots, as the reference has them, which another test keeps true."""
    reference = (ROOT / "docs/configuration.md").read_text()
    for section in re.split(r"^## ", reference, flags=re.MULTILINE)[1:]:
        title = section.splitlines()[0].strip("`")
        yield from (f"{title}.{key}" for key in re.findall(r"^\| `(\w+)`", section, re.MULTILINE))
        yield title


@each_page
def test_every_key_of_a_stack_file_that_is_named_exists(page):
    known = set(keys())
    tops = "|".join(key for key in known if re.fullmatch("[a-z]+", key))

    assert found(page, rf"^((?:{tops})\.[a-z_.]+)(?:: |$)") <= known


def module(name):
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()


@each_page
def test_every_command_of_our_own_exists(page):
    commands = set(typer.main.get_command(cli.app).commands)
    goals = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert found(page, r"python -m tools ([\w-]+)") <= commands
    assert found(page, r"^(?:\$ )?make ([a-z-]+)") <= goals
    assert [name for name in found(page, r"python -m ([\w.]+)") if not module(name)] == []


def options(service, operation):
    """What a command of AWS's command line takes, without those that every command takes."""
    for name in service.operation_names:
        if xform_name(name, "-") == operation:
            shape = service.operation_model(name).input_shape
            return {xform_name(member, "-") for member in (shape.members if shape else ())}
    pytest.fail(f"no operation {service.service_name} {operation}")


@each_page
def test_every_command_of_aws_exists_and_takes_its_options(page):
    session = botocore.session.get_session()
    for service, operation, rest in found(page, r"\baws ([a-z0-9]+) ([a-z][a-z-]+)([^|]*)"):
        if f"{service} {operation}" not in AWS_CLI_OWN:
            model = session.get_service_model({"s3api": "s3"}.get(service, service))
            known = options(model, operation) | AWS_CLI_OPTIONS
            given = {name.removeprefix("no-") for name in re.findall(r"--([a-z-]+)", rest)}
            assert (service, operation, given - known) == (service, operation, set())
