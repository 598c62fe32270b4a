"""The commands README.md names are those that CI runs, and between them no test is left out."""

import os
import re
import shlex
import subprocess
import tomllib

import pytest
import yaml

from config.stack import ROOT


def runs(goal: str) -> list[list[str]]:
    """What make would run, without running it."""
    shown = ["make", "--dry-run", "--no-print-directory", goal]
    done = subprocess.run(shown, cwd=ROOT, capture_output=True, text=True, check=True)
    return [shlex.split(line) for line in done.stdout.splitlines() if "pytest" in line]


def marked(command: list[str]) -> str:
    return command[command.index("-m") + 1]


def test_the_quick_tests_and_the_slow_ones_are_every_test_once():
    (quick,), (first, second) = runs("test"), runs("test-all")

    assert (marked(quick), first) == ("not slow", quick)
    assert second == [*quick[: quick.index("-m")], "-m", "slow"]


def test_help_lists_every_goal_in_its_group():
    command = ["make", "--no-print-directory", "help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (goals,) = re.findall(r"^\.PHONY: help (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert {*re.findall(r"^  make ([a-z-]+) +\S", shown, re.MULTILINE)} == {*goals.split()}
    assert [line for line in shown.splitlines() if re.fullmatch("[A-Z][a-z ]+", line)] == [
        "Look",
        "Check",
        "Build and deploy",
        "Housekeeping",
    ]


def test_nothing_else_leaves_tests_out():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]

    assert options["testpaths"] == ["tests"]
    assert not {"-m", "-k", "--ignore", "--deselect"} & set(options["addopts"].split())


def test_a_misspelt_mark_is_an_error(pytestconfig):
    with pytest.raises(pytest.fail.Exception, match="'slwo' not found in `markers`"):
        _ = pytest.mark.slwo
    assert any(line.startswith("slow:") for line in pytestconfig.getini("markers"))


def test_ci_runs_what_the_readme_says_it_checks():
    (checked,) = re.findall(r"^check: (.+) ##", (ROOT / "Makefile").read_text(), re.MULTILINE)
    (row,) = re.findall(r"^\| `make check` .+$", (ROOT / "README.md").read_text(), re.MULTILINE)
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    steps = [s["run"] for job in workflow["jobs"].values() for s in job["steps"] if "run" in s]

    assert "all that CI checks" in row
    assert "test-all" in checked.split()
    assert re.findall(r"^make (.+)$", (ROOT / ".ci/run").read_text(), re.MULTILINE) == [
        "setup",
        *checked.split(),
    ]
    assert steps == [".ci/run"]


HOSTILE = (
    "dev; touch hit",
    "$(touch hit)",
    "`touch hit`",
    "$(shell touch hit)",
    "a' ; touch hit '",
    'a" ; touch hit "',
    "dev\ntouch hit",
)


@pytest.mark.parametrize("how", ["argument", "environment"])
@pytest.mark.parametrize("said", HOSTILE)
def test_what_a_caller_says_is_never_run(tmp_path, said, how):
    """A copy of the Makefile whose tools only say what they are given."""
    (tmp_path / "Makefile").write_bytes((ROOT / "Makefile").read_bytes())
    (tmp_path / f"Pulumi.{said.replace('/', '')}.yaml").touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/pulumi").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    (tmp_path / "bin/pulumi").chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    variables = [f"{name}={said}" for name in ("STACK", "BASE")]
    options = ["READY=", "RUN=printf '%s\\n' :"]

    for goal in ("help", "preview", "policy", "report", "gate", "up"):
        done = subprocess.run(
            ["make", "--no-print-directory", goal, *options, *(variables * (how == "argument"))],
            cwd=tmp_path,
            env={"PATH": path}
            | (dict(each.split("=", 1) for each in variables) if how == "environment" else {}),
            capture_output=True,
            text=True,
            check=True,
        )
        assert goal == "help" or said.split() == done.stdout.split()[-len(said.split()) :]
        assert not (tmp_path / "hit").exists(), goal


def test_several_stacks_are_several_arguments():
    shown = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "preview", "STACK=dev prod"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert shlex.split(shown.stdout.splitlines()[-1])[-3:] == ["preview", "dev", "prod"]
