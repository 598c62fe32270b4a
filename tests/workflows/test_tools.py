"""What the workflows and their page ask of the tools is what the tools answer."""

import json
import re
import shlex
import shutil

import pytest
import typer
import yaml

from config.problems import KEY
from config.stack import ROOT
from tests.tools.test_cli import tools as tools
from tests.workflows.blocks import Runner, blocks
from tools import cli

COMMAND = re.compile(r"python -m tools ([^|;&>`\n]+)")
PAGE = (ROOT / "docs/deployment.md").read_text()


def commands():
    texts = [PAGE, *(block.step["run"] for block in blocks().values())]
    found = {match for text in texts for match in COMMAND.findall(text.replace("\\\n", ""))}
    # What is one word, or none, of what the step is given.
    return sorted(re.sub(r"\$\{(\w+):\+.+?\}", r"$\1", words).strip(" )") for words in found)


@pytest.mark.parametrize("words", commands())
def test_every_command_is_one_with_these_arguments(words):
    """Parsed and not run: a missing argument or an unknown option is a usage error."""
    group = typer.main.get_command(cli.app)
    with group.make_context("tools", [], resilient_parsing=True) as context:
        name, command, rest = group.resolve_command(context, shlex.split(words))
        command.make_context(name, rest, parent=context)


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not on PATH")
def test_a_further_stack_file_is_a_further_stack_of_the_workflows(tools, tmp_path):
    content = yaml.safe_load((tmp_path / "Pulumi.prod.yaml").read_text())
    values = content["config"][KEY]
    values["account"] = {**values.get("account", {}), "id": "123456789012"}
    values["delivery"] = {"repository": "acme/platform", "environment": "production"}
    (tmp_path / "Pulumi.fifth.yaml").write_text(yaml.safe_dump(content))
    status, out, _ = tools("stacks", "--json")
    (tmp_path / "stacks.json").write_text(out)
    answers = {"python -m tools stacks --json": f"cat {tmp_path / 'stacks.json'}"}
    ran = Runner(tmp_path)("stacks / list / List", answers, {"inputs.stack": ""})

    assert (status, ran.status) == (0, 0)
    (fifth,) = json.loads(ran.outputs["production"])
    role = "arn:aws:iam::123456789012:role/ma-platform-delivery/fifth/ma-platform-fifth"
    assert fifth == {
        "stack": "fifth",
        "environment": "production",
        "tier": "pro",
        "region": "us-east-1",
        "account": "123456789012",
        "delivery": {
            "repository": "acme/platform",
            "branch": "main",
            "environment": "production",
            **{f"{who}_role": f"{role}-{who}" for who in ("deploy", "preview", "drift")},
        },
    }
    assert json.loads(ran.outputs["stacks"]) == [fifth]
