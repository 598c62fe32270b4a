"""The one value that is written into a stack file, whatever shape the file has."""

import pytest
import yaml

from config.stack import EXAMPLES
from tests.stacks import STACKS, example
from tools import ExpectedError
from tools.release.site import stack_file

HEAD = "config:\n  aws:region: us-east-1\n  ma-platform:stack:\n"
SHAPES = {
    "no site": (
        HEAD + "    tier: pro # why\n",
        HEAD + "    tier: pro # why\n    site:\n      release: r2\n",
    ),
    "no newline at the end": (
        HEAD + "    tier: pro",
        HEAD + "    tier: pro\n    site:\n      release: r2\n",
    ),
    "a list last, and keys after it": (
        HEAD + "    origins:\n      - a\n      - b # last\n\n# rest\n  other:key: 1\n",
        HEAD + "    origins:\n      - a\n      - b # last\n    site:\n      release: r2\n"
        "\n# rest\n  other:key: 1\n",
    ),
    "a text of several lines last": (
        HEAD + "    note: |\n      one\n      two\n",
        HEAD + "    note: |\n      one\n      two\n    site:\n      release: r2\n",
    ),
    "a release": (
        HEAD + "    site:\n      release: r1  # the day\n    tier: pro\n",
        HEAD + "    site:\n      release: r2  # the day\n    tier: pro\n",
    ),
    "a quoted release": (
        HEAD + "    site:\n      release: '2026-11-22'\n",
        HEAD + "    site:\n      release: r2\n",
    ),
    "in braces": (
        HEAD + "    site: {release: r1}\n    tier: pro\n",
        HEAD + "    site: {release: r2}\n    tier: pro\n",
    ),
    "empty braces": (HEAD + "    site: {}\n", HEAD + "    site: {release: r2}\n"),
    "nothing after site": (
        HEAD + "    site: # later\n    tier: pro\n",
        HEAD + "    site:\n      release: r2 # later\n    tier: pro\n",
    ),
    "the whole stack in braces": (
        "config: {ma-platform:stack: {tier: pro}}\n",
        "config: {ma-platform:stack: {site: {release: r2}, tier: pro}}\n",
    ),
    "other line ends": (
        (HEAD + "    tier: pro\n").replace("\n", "\r\n"),
        (HEAD + "    tier: pro\n    site:\n      release: r2\n").replace("\n", "\r\n"),
    ),
}


def edited(tmp_path, text, release="r2"):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes(text.encode())
    edit = stack_file.edit(tmp_path, "dev", release)
    assert path.read_bytes().decode() == text
    edit.write()
    written = path.read_bytes().decode()
    edit.undo()
    assert path.read_bytes().decode() == text
    return written


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_but_the_release_changes(tmp_path, shape):
    before, after = SHAPES[shape]

    assert edited(tmp_path, before) == after


@pytest.mark.parametrize("release", ["20261122", "1.5", "2026-11-22", "null", "true", "1e3"])
def test_an_id_that_yaml_would_take_for_something_else_is_quoted(tmp_path, release):
    text = edited(tmp_path, SHAPES["a release"][0], release)

    assert yaml.safe_load(text)["config"]["ma-platform:stack"]["site"] == {"release": release}


@pytest.mark.parametrize("stack", STACKS)
def test_the_examples_keep_every_line_they_have(tmp_path, stack):
    text = (EXAMPLES / f"Pulumi.{stack}.yaml").read_text()

    assert edited(tmp_path, text) == text + "    site:\n      release: r2\n"


def test_what_only_a_person_can_edit_is_left_to_one(tmp_path):
    shared = "x: &site\n  release: r1\n" + HEAD + "    site: *site\n    other: *site\n"

    with pytest.raises(ExpectedError, match=r"Pulumi.dev.yaml: write site\.release: r2 into it"):
        edited(tmp_path, shared)


def test_the_file_keeps_its_mode_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(SHAPES["no site"][0])
    path.chmod(0o640)
    stack_file.edit(tmp_path, "dev", "r2").write()

    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_an_edited_file_means_what_is_written():
    assert stack_file.with_release(example("dev"), "r2").load().site.release == "r2"
