"""What a process of its own imports, and keeps, before it does anything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_a_stack_file_is_judged_before_the_sdk_is_imported():
    ran = python(
        "-c",
        "import sys; from tools import cli; sys.argv = ['tools', 'preview', 'nope']\n"
        "try: cli.main()\n"
        "finally: print('pulumi' in sys.modules)",
    )

    assert (ran.returncode, ran.stdout) == (2, "False\n")


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_imports_neither_the_sdk_nor_the_configuration(flag):
    ran = python(
        "-c",
        f"import sys; from tools import cli; sys.argv = ['tools', '{flag}']\n"
        "try: cli.main()\n"
        "finally: print([m for m in ('pulumi', 'config', 'rich.console') if m in sys.modules])",
    )

    assert (ran.returncode, "preview" in ran.stdout) == (0, True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_command_is_run_as_a_module():
    ran = python("-m", "tools", "nonsense")

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Usage: python -m tools" in ran.stderr


@pytest.mark.parametrize(
    ("options", "variable", "kept"),
    [([], "1", True), ([], "", True), (["-B"], "", False)],
    ids=["although the variable is set", "as usual", "but by -B"],
)
def test_what_is_compiled_is_kept(options, variable, kept, tmp_path):
    """Where nothing is, each run compiles all it imports."""
    given = {"PYTHONDONTWRITEBYTECODE": variable, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, *options, "-m", "tools", "-h"],
        cwd=ROOT,
        env=os.environ | given,
        capture_output=True,
        check=True,
    )

    assert ran.stderr == b""
    assert bool([*tmp_path.rglob("tools/cli.*.pyc")]) is kept
