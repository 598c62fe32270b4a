"""`diff` from the outside: what it compares by default, what it prints, and its exit status."""

import json
from dataclasses import replace

import pytest

from graph.model import Graph
from tests.policies.cases import changed, without
from tests.stacks import built
from tests.tools.test_cli import tools as tools

TOPIC = """
import pulumi_aws as aws

aws.sns.Topic("orders", display_name="{}")
"""


@pytest.fixture
def record(tmp_path):
    """A record in a file."""

    def write(name: str, graph: Graph) -> str:
        path = tmp_path / name
        path.write_text(json.dumps(graph.to_json()))
        return str(path)

    return write


def test_two_files_that_are_the_same_are_no_change(tools, record):
    same = record("same.json", built("dev"))

    assert tools("diff", "--base", same, "--head", same) == (0, "dev: no change\n", "")


def test_a_loss_ends_with_one_and_what_could_not_be_told_with_two(tools, record, tmp_path):
    graph = built("dev")
    before = record("before.json", graph)
    lost = record("lost.json", without("s3.Bucket data")(graph))
    harmless = record("harmless.json", changed("lambda.Function simcore", "memorySize", 9)(graph))

    status, out, err = tools("diff", "--base", before, "--head", lost)
    assert (status, out.splitlines()[0], err) == (
        1,
        "dev: 1 data is lost; 1 to decide",
        "",
    )
    assert tools("diff", "--base", before, "--head", harmless)[0] == 0
    status, out, err = tools("diff", "--base", str(tmp_path / "nothing.json"))
    assert (status, out) == (2, "")
    assert "nothing.json is no file and no revision" in err


def test_a_checkout_is_compared_with_a_record_of_what_is_deployed(tools, tmp_path):
    status, before, _ = tools("preview", "dev", "--json", program=TOPIC.format("before"))
    assert status == 0
    (tmp_path / "deployed.json").write_text(before)

    status, out, _ = tools(
        "diff",
        "dev",
        "--base",
        str(tmp_path / "deployed.json"),
        program=TOPIC.format("after"),
    )

    first, digest, *rest = out.splitlines()
    assert (status, first, digest[:7], len(digest)) == (
        0,
        "dev: 1 updated; nothing to decide",
        "digest ",
        71,
    )
    assert rest == ["", "updated", "  sns.Topic orders", "      displayName: before -> after"]


def test_json_and_markdown_are_for_programs_and_pull_requests(tools, record):
    graph = built("dev")
    files = (
        "--base",
        record("before.json", graph),
        "--head",
        record("after.json", without("s3.Bucket data")(graph)),
    )

    status, out, _ = tools("diff", *files, "--json")
    (found,) = json.loads(out)
    assert (status, found["verdict"]) == (1, "decide")
    assert tools("diff", *files, "--markdown")[1].startswith("### dev: **to decide**")


def test_records_of_another_stack_have_nothing_to_compare(tools, record):
    graph = built("dev")
    other = Graph(
        graph.project,
        "other",
        tuple(replace(r, urn=r.urn.replace("pulumi:dev", "pulumi:other")) for r in graph.resources),
    )
    status, out, _ = tools(
        "diff", "--base", record("dev.json", graph), "--head", record("other.json", other)
    )

    assert status == 0
    assert out.splitlines()[0] == f"other: {len(graph.resources)} created; nothing to decide"


def test_a_record_of_another_stack_is_compared_with_nothing(tools, record):
    """All of the stack would be created then, and nothing to decide."""
    before = record("before.json", built("dev"))

    for flag in ("--base", "--head"):
        assert tools("diff", "prod", flag, before, "--base", before)[::2] == (
            2,
            f"error: {before} is of dev, not of prod\n",
        )
    assert tools("diff", "dev", "prod", "--base", before)[::2] == (
        2,
        f"error: {before} is of one stack: name it, and no other\n",
    )


EMPTY = """{"version": 3, "deployment": {"manifest": {"time": "2026-12-01T14:11:31Z", "magic": "",
"version": ""}, "secrets_providers": {"type": "cloud"}, "metadata": {}}}"""
"""As Pulumi 3.272 exports a stack right after `pulumi stack init`."""


def test_a_stack_that_was_never_deployed_is_created_by_its_first_deployment(tools, tmp_path):
    (tmp_path / "export.json").write_text(EMPTY)
    export = str(tmp_path / "export.json")

    status, out, err = tools("diff", "dev", "--base", export, program=TOPIC.format("first"))

    assert (status, out.splitlines()[0], err) == (0, "dev: 2 created; nothing to decide", "")
    assert tools("diff", "--base", export)[::2] == (
        2,
        f"error: {export} is of one stack: name it, and no other\n",
    )
    status, _, err = tools("policy", "dev", "--before", export)
    assert status < 2
    assert err == ""


def test_without_a_stack_file_there_is_nothing_to_compare(tools, tmp_path):
    for file in tmp_path.glob("Pulumi.*.yaml"):
        file.unlink()

    assert tools("diff", "--base", "main") == (
        2,
        "",
        "error: no stack has a file: `python -m tools new-stack` writes one\n",
    )
