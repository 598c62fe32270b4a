"""The stacks that are deployed are their owners': whatever is in their files, no test depends on
it, and every command works."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.stack import EXAMPLES, ROOT
from tests.stacks import STACKS

pytestmark = pytest.mark.slow

LEFT_OUT = shutil.ignore_patterns(
    *(".*", "__pycache__", "build", "tests", "benchmarks"),
    *("Pulumi.*.yaml", "waivers.yaml"),
)
NEW = (
    *("new-stack", "qa", "--tier", "starter", "--contact-outage", "platform@corp.io"),
    *("--contact-security", "security@corp.io", "--contact-data-loss", "database@corp.io"),
)


@pytest.mark.parametrize("name", ["Pulumi.dev.yaml", "Pulumi.new.yaml", "policies/waivers.yaml"])
def test_no_test_opens_what_whoever_deploys_has_written(name):
    with pytest.raises(PermissionError, match="they stand on examples/"):
        (ROOT / name).read_text()


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The program, with the examples for stacks."""
    folder = tmp_path_factory.mktemp("copy") / "program"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    shutil.copytree(EXAMPLES, folder / "examples", dirs_exist_ok=True)
    return folder


@pytest.fixture
def owned(program):
    """The same, its stacks and exceptions as they were at first."""
    for path in program.glob("Pulumi.*.yaml"):
        path.unlink()
    for stack in STACKS:
        shutil.copy(EXAMPLES / f"Pulumi.{stack}.yaml", program)
    shutil.copy(EXAMPLES / "waivers.yaml", program / "policies")
    return program


def tools(folder, *command):
    return subprocess.run(
        [sys.executable, "-m", "tools", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def moved(folder):
    """To another Region, under another name on the web."""
    edit(folder / "Pulumi.prod.yaml", "us-east-1", "eu-west-1")
    edit(folder / "Pulumi.prod.yaml", "app.example.com", "app.corp.io")


def renamed(folder):
    (folder / "Pulumi.prod.yaml").rename(folder / "Pulumi.live.yaml")


def removed(folder):
    (folder / "Pulumi.enterprise.yaml").unlink()


def alone(folder):
    for stack in {*STACKS} - {"staging"}:
        (folder / f"Pulumi.{stack}.yaml").unlink()


def joined(folder):
    tools(folder, *NEW, "--owner").check_returncode()


@pytest.mark.parametrize(
    ("change", "stacks"),
    [
        (moved, ["dev", "enterprise", "prod", "staging"]),
        (renamed, ["dev", "enterprise", "live", "staging"]),
        (removed, ["dev", "prod", "staging"]),
        (alone, ["staging"]),
        (joined, ["dev", "enterprise", "prod", "qa", "staging"]),
    ],
    ids=["moved", "renamed", "removed", "alone", "joined"],
)
def test_every_set_of_stacks_is_judged_and_the_documents_stay_the_same(owned, change, stacks):
    change(owned)

    check, schema, controls = (tools(owned, name) for name in ("check", "schema", "controls"))

    assert check.returncode == 0
    notes = [line for line in check.stderr.splitlines() if line.startswith("note: ")]
    assert len(notes) == int(len(stacks) > 1)
    assert [line.split()[:2] for line in check.stdout.splitlines()] == [
        [stack, "passes:"] for stack in stacks
    ]
    assert (schema.returncode, controls.returncode) == (0, 0)
    for line in (schema.stdout + controls.stdout).splitlines():
        assert line.endswith("is current"), line


@pytest.mark.parametrize("command", ["preview", "policy"])
def test_a_stack_that_joined_is_one_like_the_others(owned, command):
    joined(owned)

    ran = tools(owned, command, "qa", "--json")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["stack"] == "qa"
