"""``python -m tools policy`` from the outside: what it prints, and with which exit status."""

import gc
import json
import shutil
import sys
from functools import partial

import pytest

from config.stack import EXAMPLES
from policies import waivers as store
from tools import cli
from tools.commands import given
from tools.review import policy as review

PROGRAM = """
import pulumi_aws as aws

aws.sqs.Queue("orders")
"""
SOUND = PROGRAM.replace(")", ", sqs_managed_sse_enabled=True)")


@pytest.fixture
def tools(tmp_path, monkeypatch, capsys):
    """Runs a command on a copy of the dev stack with another program, judged by two rules."""
    shutil.copy(EXAMPLES / "Pulumi.dev.yaml", tmp_path)
    monkeypatch.setattr(given, "ROOT", tmp_path)
    monkeypatch.delenv(cli.DEBUG, raising=False)
    rules = tuple(r for r in review.RULES if r.name in ("queues-encrypted", "data-store-kept"))
    monkeypatch.setitem(review.judge.__kwdefaults__, "rules", rules)

    def run(*arguments, program=PROGRAM, waivers="[]"):
        file = tmp_path / "waivers.yaml"
        file.write_text(waivers)
        (tmp_path / "__main__.py").write_text(program)
        monkeypatch.setattr(store, "read", partial(read, file))
        monkeypatch.setattr(sys, "argv", ["tools", "policy", "dev", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return (end.value.code, *capsys.readouterr())

    read = store.read.__wrapped__
    yield run
    gc.enable()
    gc.unfreeze()


WAIVERS = """
- rule: queues-encrypted
  resource: sqs.Queue orders
  stacks: [dev]
  reason: There is nothing in it
  approver: somebody@example.com
  expires: 2999-01-01
"""


def test_a_violation_ends_with_status_1(tools):
    status, out, err = tools()

    assert (status, err) == (1, "")
    assert out.startswith("ma-platform dev: 2 rules\n\nmedium   queues-encrypted\n")
    assert out.endswith("\nfails: 1 violated\n")


def test_a_sound_stack_ends_with_status_0(tools):
    assert tools(program=SOUND) == (0, "ma-platform dev: 2 rules\n\npasses\n", "")


def test_a_waived_violation_ends_with_status_0_and_an_idle_waiver_with_1(tools):
    assert tools(waivers=WAIVERS)[0] == 0
    assert tools(waivers=WAIVERS, program=SOUND)[0] == 1


def test_json_is_all_that_is_printed(tools):
    status, out, err = tools("--json")

    assert (status, err, json.loads(out)["passes"]) == (1, "", False)


def test_what_is_deployed_is_judged_beside_what_would_be(tools, tmp_path):
    table = {
        "urn": "urn:pulumi:dev::ma-platform::aws:dynamodb/table:Table::orders",
        "type": "aws:dynamodb/table:Table",
        "custom": True,
        "id": "orders",
        "inputs": {"hashKey": "id"},
    }
    export = tmp_path / "export.json"
    export.write_text(json.dumps({"version": 3, "deployment": {"resources": [table]}}))

    status, out, _ = tools("--before", str(export))

    assert status == 1
    assert "critical data-store-kept\n" in out
    assert "\n         dynamodb.Table orders: would be deleted  change: " in out


def test_what_is_deployed_must_be_readable(tools, tmp_path):
    status, out, err = tools("--before", str(tmp_path / "none.json"))

    assert (status, out) == (2, "")
    assert err.startswith(f"error: {tmp_path}/none.json: No such file or directory; write it by")


@pytest.mark.parametrize("text", ["", "[]", '{"steps": []}'])
def test_what_is_deployed_must_be_an_export(tools, tmp_path, text):
    file = tmp_path / "export.json"
    file.write_text(text)

    assert tools("--before", str(file)) == (
        2,
        "",
        f"error: {file}: not what `pulumi stack export` writes\n",
    )


def test_what_is_deployed_must_be_of_the_stack(tools, tmp_path):
    file = tmp_path / "export.json"
    topic = {
        "urn": "urn:pulumi:prod::ma-platform::aws:sns/topic:Topic::orders",
        "type": "aws:sns/topic:Topic",
        "custom": True,
        "id": "orders",
    }
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": [topic]}}))

    status, out, err = tools("--before", str(file))

    assert (status, out, err) == (2, "", f"error: {file} is of prod, not of dev\n")


def test_waivers_must_be_waivers(tools):
    status, out, err = tools(waivers="rule: queues-encrypted")

    assert (status, out) == (2, "")
    assert err.startswith("error: waivers.yaml: Input should be a valid")


def test_waivers_must_be_there(tmp_path, monkeypatch, capsys):
    absent = partial(store.read.__wrapped__, tmp_path / "waivers.yaml")
    monkeypatch.setattr(store, "read", absent)
    monkeypatch.setattr(given, "ROOT", EXAMPLES)
    monkeypatch.setattr(sys, "argv", ["tools", "policy", "dev"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    gc.enable()
    gc.unfreeze()

    shown = capsys.readouterr()
    assert (end.value.code, shown.out) == (2, "")
    assert shown.err == "error: waivers.yaml: No such file or directory\n"
