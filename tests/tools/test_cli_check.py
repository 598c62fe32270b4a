"""`check` from the outside: every stack that has a file is judged, whatever another's verdict."""

import gc
import shutil
import sys

import pytest

from config.stack import EXAMPLES
from policies import waivers
from tools import cli
from tools.commands import given
from tools.review import policy as review

PROGRAM = """
import pulumi
import pulumi_aws as aws

aws.sqs.Queue("orders", sqs_managed_sse_enabled=pulumi.get_stack() != "open")
"""
DEV = "dev passes: starter tier, us-east-1\n"
PROD = "prod passes: pro tier, us-east-1\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two stacks of another program, judged by one rule."""
    for stack in ("dev", "prod"):
        shutil.copy(EXAMPLES / f"Pulumi.{stack}.yaml", tmp_path)
    prod = tmp_path / "Pulumi.prod.yaml"
    prod.write_text(prod.read_text().replace("owner: true", "owner: false"))
    (tmp_path / "__main__.py").write_text(PROGRAM)
    monkeypatch.setattr(waivers, "read", lambda: ())
    rules = tuple(r for r in review.RULES if r.name == "queues-encrypted")
    monkeypatch.setitem(review.judge.__kwdefaults__, "rules", rules)
    return tmp_path


@pytest.fixture
def check(folder, monkeypatch, capsys):
    monkeypatch.setattr(given, "ROOT", folder)

    def run(*stacks):
        monkeypatch.setattr(sys, "argv", ["tools", "check", *stacks])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return (end.value.code, *capsys.readouterr())

    yield run
    gc.enable()
    gc.unfreeze()


def test_every_stack_that_has_a_file_is_judged(check):
    assert check() == (0, DEV + PROD, "")


def test_some_may_be_named(check):
    assert check("prod") == (0, PROD, "")


def test_a_stack_that_breaks_a_rule_is_shown_and_the_others_judged(check, folder):
    shutil.copy(folder / "Pulumi.prod.yaml", folder / "Pulumi.open.yaml")

    status, out, err = check()

    assert (status, err) == (1, "")
    assert (out.startswith(f"{DEV}ma-platform open: "), out.endswith(PROD)) == (True, True)
    assert "fails: 1 violated\n" in out


def test_a_stack_that_cannot_be_judged_is_told_and_the_others_judged(check, folder):
    shutil.copy(folder / "Pulumi.dev.yaml", folder / "Pulumi.open.yaml")
    (folder / "Pulumi.dev.yaml").write_text("config: [")

    status, out, err = check()

    assert (status, err.splitlines()[0]) == (2, "error: Pulumi.dev.yaml: 1 problem")
    assert out.endswith(PROD)


def test_without_a_stack_the_command_that_writes_one_is_named(check, folder):
    for path in folder.glob("Pulumi.*.yaml"):
        path.unlink()

    status, out, err = check()

    assert (status, out) == (2, "")
    assert err == "error: no stack has a file: `python -m tools new-stack` writes one\n"


def test_a_copy_that_owns_an_account_too_is_told(check, folder):
    shutil.copy(folder / "Pulumi.dev.yaml", folder / "Pulumi.copy.yaml")

    status, out, err = check()

    assert (status, out.count("passes")) == (0, 3)
    assert err.startswith("note: copy and dev say account.owner: true and no account.id: ")


def test_a_file_whose_name_no_stack_can_have_is_told(check, folder):
    shutil.copy(folder / "Pulumi.prod.yaml", folder / "Pulumi.eu.prod.yaml")

    status, out, err = check()

    assert (status, out) == (2, DEV + PROD)
    assert "the stack's name: 'eu.prod'" in err
