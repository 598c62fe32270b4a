"""The generated documents are the ones in docs/."""

import json

import pytest

from config.keys import HEEDED
from config.stack import EXAMPLES, ROOT
from tools.schema import documents, schema


@pytest.mark.parametrize("path", documents(), ids=str)
def test_a_document_is_what_the_models_say(path):
    assert (ROOT / path).read_text() == documents()[path], "run `make docs`"


def test_the_schema_asks_for_what_no_tier_knows():
    stack = schema()["$defs"]["Stack"]

    assert stack["required"] == ["tier", "contacts"]
    assert stack["then"] == {"required": ["limits", "budget"]}
    assert stack["additionalProperties"] is False


def test_every_example_points_its_editor_at_the_schema():
    heads = {path.read_text().splitlines()[0] for path in EXAMPLES.glob("Pulumi.*.yaml")}

    assert heads == {"# yaml-language-server: $schema=../docs/stack.schema.json"}
    assert json.loads((ROOT / "docs/stack.schema.json").read_text())["type"] == "object"


def test_the_schema_has_the_keys_around_the_stacks_own():
    config = schema()["properties"]["config"]

    assert {*config["properties"]} == {*HEEDED}
    assert config["additionalProperties"] is False
