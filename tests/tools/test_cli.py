"""The commands from the outside: what they print, where to, and with which exit status."""

import gc
import json
import shutil
import sys

import pytest

from config.stack import EXAMPLES, ROOT
from policies import waivers
from tools import cli
from tools.commands import given

PROGRAM = """
import pulumi
import pulumi_aws as aws

aws.sns.Topic("orders")
pulumi.export("tier", pulumi.Config("ma-platform").require_object("stack")["tier"])
"""


@pytest.fixture
def tools(tmp_path, monkeypatch, capsys):
    """Runs a command on copies of two stacks with another program."""
    for stack in ("dev", "prod"):
        shutil.copy(EXAMPLES / f"Pulumi.{stack}.yaml", tmp_path)
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    monkeypatch.setattr(given, "ROOT", tmp_path)
    monkeypatch.setattr(waivers, "read", lambda: ())
    monkeypatch.setenv("COLUMNS", "100")
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


HEADING = "ma-platform dev: starter tier, development, us-east-1, budget 20 USD a month\n"


def test_preview_shows_what_the_stack_declares_on_a_screen(tools):
    status, out, err = tools("preview", "dev")

    assert (status, err) == (0, "")
    assert out == (
        f"{HEADING}\n1 resource in 0 components\n  (none)       1  sns.Topic 1\n"
        "\nexports\n  tier  starter\n"
    )


def test_preview_in_full_shows_every_resource(tools):
    status, out, err = tools("preview", "dev", "--full")

    assert (status, err) == (0, "")
    assert out.startswith(
        f"{HEADING}\nin no component  1 resource\n    sns.Topic  orders\n"
        "\n1 resource in 0 components\n"
    )


def test_preview_of_several_stacks_shows_them_side_by_side(tools):
    status, out, err = tools("preview", "dev", "prod")

    assert (status, err) == (0, "")
    assert out.splitlines()[:2] == [
        "ma-platform            dev          prod",
        "  tier                 starter      pro",
    ]


def test_preview_names_a_stack_once(tools):
    assert tools("preview", "dev", "dev") == tools("preview", "dev")


def test_preview_as_json_prints_nothing_else(tools):
    status, out, err = tools("preview", "dev", "--json")

    assert (status, err, out[-2:]) == (0, "", "}\n")
    assert (json.loads(out)["outputs"], json.loads(out)["madeUp"]) == ({"tier": "starter"}, [])


def test_preview_as_json_of_several_stacks_is_a_list(tools):
    _, out, _ = tools("preview", "prod", "dev", "--json")

    assert [record["stack"] for record in json.loads(out)] == ["prod", "dev"]


def test_no_stack_is_run_if_one_of_them_has_no_file(tools):
    status, out, err = tools("preview", "dev", "nope", program="1 / 0")

    assert (status, out, err.splitlines()[0]) == (2, "", "error: Pulumi.nope.yaml: 1 problem")


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
    assert "use one of: dev, prod;" in err
