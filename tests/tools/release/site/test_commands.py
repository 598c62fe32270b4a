"""The commands from the outside, and the code they publish against the program's own."""

import gc
import json
import sys

import pytest

from components.edge.scripts import code
from tests.stacks import STACKS, built, example
from tests.tools.release.site.world import BUILT, build
from tools import cli
from tools.commands import given
from tools.release.site.function import release_in
from tools.release.site.stack_file import with_release
from tools.release.site.target import declared

NAMELESS = {"domain": "", "aliases": [], "hsts": "max-age=31536000"}
PROGRAM = """
import pulumi
import pulumi_aws as aws

release = pulumi.Config("ma-platform").require_object("stack")["site"]["release"]
aws.cloudfront.Function(
    "cdn-rewrite", runtime="cloudfront-js-2.0", code=f'const RELEASE = "{release}";\\n'
)
"""


@pytest.fixture
def run(monkeypatch, capsys):
    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["tools", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return (end.value.code or 0, *capsys.readouterr())

    yield command
    gc.enable()
    gc.unfreeze()


@pytest.fixture
def tools(world, run, monkeypatch):
    """Runs a command in the world's repository, whose program declares the function."""
    (world.root / "__main__.py").write_text(PROGRAM)
    monkeypatch.setattr(given, "ROOT", world.root)
    return run


@pytest.mark.parametrize("stack", STACKS)
def test_the_code_is_the_one_the_next_deployment_declares(stack):
    release = example(stack).load().site.release

    assert declared(built(stack)).inputs["code"] == code("rewrite", release=release, **NAMELESS)
    assert release_in(code("rewrite", release="r2", **NAMELESS), "rewrite") == "r2"


def test_the_whole_program_names_the_release_of_the_edited_file():
    graph = given.record(with_release(example("dev"), "2026-11-22.1"))

    assert declared(graph).inputs["code"] == code("rewrite", release="2026-11-22.1", **NAMELESS)


def test_a_site_is_released_listed_and_taken_back(tools, world, site, capsys):
    world.release(site, "r0")
    capsys.readouterr()
    to = ("--outputs", world.outputs)
    status, out, err = tools("release", "dev", site, "--id", "r1", *to)

    assert (status, out.splitlines()) == (
        0,
        [
            "r1 is served at https://site.example.com, r0 was",
            "commit Pulumi.dev.yaml: a deployment without that change takes it back",
        ],
    )
    assert err.splitlines()[-5:] == [
        "3 files uploaded to releases/r1/",
        "Pulumi.dev.yaml names r1",
        "CloudFront Function cdn-rewrite-1a2b3c4 published",
        "Pulumi's state has the function as it was: add --refresh to the next `pulumi up`",
        "https://site.example.com serves r1",
    ]
    listed = tools("releases", "dev", *to)[1].splitlines()
    assert [line[2:].split()[0] for line in listed if line.startswith("*")] == ["r1"]
    assert {line[2:].split()[0] for line in listed} == {"r1", "r0", "initial"}
    assert tools("rollback", "dev", *to)[0] == 0
    assert (world.live, world.named) == ("r0", "r0")
    status, out, _ = tools("prune", "dev", *to, "--dry-run")
    assert (status, out) == (0, "would delete 0 releases, 0 unused assets, 0 source maps\n")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["release", "dev", "nowhere"], "error: nowhere: no index.html in it: give the folder"),
        (["release", "dev", "."], "error: .: no index.html in it: give the folder"),
        (["release", "nope", "dist"], "error: Pulumi.nope.yaml: 1 problem"),
        (["releases", "nope"], "error: Pulumi.nope.yaml: 1 problem"),
        (["rollback", "nope"], "error: Pulumi.nope.yaml: 1 problem"),
        (["prune", "nope"], "error: Pulumi.nope.yaml: 1 problem"),
        (["releases", "dev", "--outputs", "no.json"], "error: no.json: [Errno 2] No such file"),
        (["bundle", "nowhere"], "error: nowhere: no index.html in it"),
    ],
)
def test_bad_input_ends_with_status_2_and_says_what(tools, world, arguments, line):
    status, out, err = tools(*arguments)

    assert (status, out, world.writes) == (2, "", [])
    assert err.startswith(line)


def test_a_site_that_is_too_big_is_told_and_not_released(tools, world, tmp_path):
    folder = build(tmp_path / "dist", **{"assets/big-12345678.js": "x" * 600_000})
    line = "assets/big-12345678.js is 600.0 KB: a chunk has at most 500 KB, split it"

    status, out, _ = tools("bundle", folder)
    assert (status, out.splitlines()[0]) == (1, line)
    status, _, err = tools("release", "dev", folder, "--outputs", world.outputs)
    assert (status, err, world.writes) == (2, f"error: {folder}: {line}\n", [])


def test_a_bundle_as_json_is_for_programs(tools, site):
    status, out, _ = tools("bundle", site, "--json")
    values = json.loads(out)

    assert (status, len(values.pop("digest"))) == (0, 64)
    assert values == {
        "bytes": sum(len(text) for path, text in BUILT.items() if not path.endswith(".map")),
        "over": [],
        "assets": 2,
        "files": 3,
        "source_maps": 1,
    }
