"""A record read back is the record that was written, but for what is not written down."""

import gzip
import json
from dataclasses import replace

import pytest

from graph import GraphError
from graph.model import UNKNOWN, mask
from graph.saved import read
from tests.stacks import built


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
@pytest.mark.parametrize("unknown", [False, True], ids=["known", "first preview"])
def test_a_record_read_back_is_the_one_that_was_written(tmp_path, pack, unknown):
    graph, file = built("dev", unknown=unknown), tmp_path / "dev.json"
    file.write_bytes(pack(json.dumps(graph.to_json()).encode()))

    found = read(file)

    assert (found.project, found.stack) == (graph.project, graph.stack)
    assert found.to_json() == graph.to_json() | {"resources": found.to_json()["resources"]}
    for one, other in zip(found.resources, graph.resources, strict=True):
        assert replace(one, inputs={}, outputs={}) == replace(other, inputs={}, outputs={})
        shown = mask(other.inputs, "inputs", other.secrets)
        assert mask(one.inputs, "inputs", one.secrets) == shown


def test_what_is_not_known_and_what_is_secret_is_not_there_to_read(tmp_path):
    file = tmp_path / "dev.json"
    file.write_text(json.dumps(built("dev", unknown=True).to_json()))

    found = read(file)

    (drawn, *_) = found.by_type("random:index/randomPassword:RandomPassword")
    assert (drawn.outputs["result"], drawn.secrets) == (
        UNKNOWN,
        ("outputs.bcryptHash", "outputs.result"),
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"resources": [{"urn": 1}]}', "\x1f\x8b"])
def test_anything_else_is_told_apart(tmp_path, text):
    file = tmp_path / "dev.json"
    file.write_text(text, encoding="latin-1")

    with pytest.raises(GraphError, match=r"not what `python -m tools preview STACK --json` writes"):
        read(file)


def test_a_missing_file_is_named_with_the_way_to_write_it(tmp_path):
    with pytest.raises(GraphError, match=r"prod.json: No such file or directory; write it by"):
        read(tmp_path / "prod.json")
