"""The commands from the outside: what they print, where to, and with which exit status."""

import gc
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import cli

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import pulumi
import pulumi_aws as aws

aws.sns.Topic("orders")
pulumi.export("tier", pulumi.Config("ma-platform").require_object("stack")["tier"])
"""


@pytest.fixture
def tools(tmp_path, monkeypatch, capsys):
    """Runs a command on a copy of the dev stack with another program."""
    shutil.copy(ROOT / "Pulumi.dev.yaml", tmp_path)
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    monkeypatch.delenv(cli.DEBUG, raising=False)

    def run(*arguments, program=PROGRAM):
        (tmp_path / "__main__.py").write_text(program)
        monkeypatch.setattr(sys, "argv", ["tools", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return (end.value.code, *capsys.readouterr())

    yield run
    gc.enable()
    gc.unfreeze()


def python(*arguments):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_preview_shows_the_stack_and_what_it_declares(tools):
    status, out, err = tools("preview", "dev")

    assert (status, err) == (0, "")
    assert out == (
        "ma-platform dev: starter tier, development, us-east-1, budget 20 USD a month\n"
        "\nin no component  1 resource\n    sns.Topic  orders\n"
        "\n1 resource in 0 components\n"
        "\nexports\n  tier  starter\n"
    )


def test_preview_as_json_prints_nothing_else(tools):
    status, out, err = tools("preview", "dev", "--json")

    assert (status, err, out[-2:]) == (0, "", "}\n")
    assert json.loads(out)["outputs"] == {"tier": "starter"}


def test_preview_of_a_stack_that_does_not_exist_yet_knows_less(tools):
    _, known, _ = tools("preview", "dev", "--json")
    _, unknown, _ = tools("preview", "dev", "--json", "--unknown")

    ids = [json.loads(text)["resources"][1]["id"] for text in (known, unknown)]
    assert (ids[0].startswith("arn:aws:sns"), ids[1]) == (True, "[unknown]")


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ('import pulumi; raise pulumi.RunError("no such plan")', "error: no such plan\n"),
        (
            'import pulumi_aws as aws; aws.sns.Topic("a"); aws.sns.Topic("a")',
            "error: two resources have the URN urn:pulumi:dev::ma-platform::aws:sns/topic:Topic::a:"
            " give one of them another name\n",
        ),
    ],
)
def test_what_the_program_or_the_engine_refuses_is_said_plainly(tools, program, message):
    assert tools("preview", "dev", program=program) == (2, "", message)


def test_an_unexpected_error_is_one_line_that_says_where(tools):
    status, out, err = tools("preview", "dev", program="x = 1\n1 / 0")

    assert (status, out) == (2, "")
    assert err == (
        "error: ZeroDivisionError: division by zero (__main__.py:2);"
        " --debug, said first, shows more\n"
    )


def test_debug_shows_the_traceback(tools):
    with pytest.raises(ZeroDivisionError):
        tools("--debug", "preview", "dev", program="1 / 0")


def test_an_unknown_stack_is_refused_with_the_ones_there_are(tools):
    status, out, err = tools("preview", "nope")

    assert (status, out, err.splitlines()[0]) == (2, "", "error: Pulumi.nope.yaml: 1 problem")
    assert "use one of: dev;" in err


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
