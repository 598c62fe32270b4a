"""A change's digest: the same for the same, whoever finds it, and another for any other."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from graph import readers
from graph.changes import digest as digests
from graph.changes.compare import compare
from graph.changes.digest import digest
from graph.model import UNKNOWN, Graph, Resource
from tests.graph.test_readers import EXPORT, FIRST
from tests.policies.cases import beside, both, changed, document, found, without
from tests.stacks import built

ROOT = Path(digests.__file__).resolve().parents[2]
SIMCORE = "lambda.Function simcore"
QUEUE = "aws:sqs/queue:Queue"
EDIT = both(
    changed(SIMCORE, "memorySize", 2048),
    without("sns.Topic topics-security"),
    beside(QUEUE, "more", visibilityTimeoutSeconds=30),
)
TOLD = """
import sys
from pathlib import Path
from graph import readers
from graph.changes.compare import compare
from graph.changes.digest import digest
before, after = readers.stack_export(Path(sys.argv[1])), readers.preview(Path(sys.argv[2]))
print(digest(after, compare(before, after)))
"""


def of(before: Graph | None, after: Graph) -> str:
    return digest(after, compare(before, after))


def secret(value: str) -> Graph:
    """The database with a secret among its inputs."""
    graph = built("dev")
    old = found(graph, "rds.Instance database")
    new = replace(
        old, inputs={**old.inputs, "pass": {"word": value}}, secrets=("inputs.pass.word",)
    )
    return Graph(graph.project, graph.stack, tuple(new if r is old else r for r in graph.resources))


def preview(path: Path, suffix: str, **inputs: object) -> Path:
    """A first preview with a queue more, whose name the provider drew, and one who is told it."""
    data = json.loads(FIRST.read_text())
    [key] = [s for s in data["steps"] if s["urn"].endswith("::key")]
    urn = "urn:pulumi:dev::ma-platform::aws:sqs/queue:Queue::"
    name = f"jobs-{suffix}"
    for step, given, sources in (
        ("jobs", {"__defaults": ["name"], "name": name, **inputs}, {}),
        ("told", {"policy": json.dumps({"queue": name})}, {"policy": [f"{urn}jobs"]}),
    ):
        state = {
            "urn": urn + step,
            "custom": True,
            "type": QUEUE,
            "inputs": given,
            "propertyDependencies": sources,
            "parent": key["newState"]["parent"],
        }
        data["steps"].append({"op": "create", "urn": urn + step, "newState": state})
    path.write_text(json.dumps(data))
    return path


def test_the_same_change_has_the_same_digest_in_whichever_order_it_is_found():
    before, after = built("dev"), EDIT(built("dev"))
    changes = compare(before, after)

    assert len(changes) == 3
    assert digest(after, changes) == digest(after, changes[::-1]) == of(before, after)
    assert len(digest(after, changes)) == 64


def test_it_is_the_same_in_every_process(tmp_path):
    """Sets have another order in each: PYTHONHASHSEED."""
    steps = preview(tmp_path / "preview.json", "0a1b2c3")

    def told(seed: str) -> str:
        command = [sys.executable, "-c", TOLD, str(EXPORT), str(steps)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()

    here = of(readers.stack_export(EXPORT), readers.preview(steps))
    assert {told("1"), told("2"), told("3")} == {here}


@pytest.mark.parametrize(
    "other",
    [
        changed(SIMCORE, "memorySize", 4096),
        changed(SIMCORE, "timeout", 9),
        without("sns.Topic topics-outage"),
        beside(QUEUE, "more", visibilityTimeoutSeconds=31),
        beside(QUEUE, "another", visibilityTimeoutSeconds=30),
        document(
            "iam.RolePolicy simcore", "policy", lambda policy: policy["Statement"][0].pop("Sid")
        ),
        lambda graph: graph,
    ],
)
def test_any_other_change_has_another(other):
    graph = built("dev")

    assert of(graph, EDIT(graph)) != of(graph, other(graph))


def test_of_a_first_deployment_it_is_what_each_resource_is_made_with():
    graph = built("dev")

    assert of(None, graph) == of(None, graph)
    assert of(None, graph) != of(None, changed(SIMCORE, "memorySize", 2048)(graph))


def test_another_secret_is_another_change_and_cannot_be_read_from_it(monkeypatch):
    before = secret("before")

    assert of(before, secret("one")) == of(before, secret("one"))
    assert of(before, secret("one")) != of(before, secret("two"))
    hashed = []
    monkeypatch.setattr(digests, "_sha256", lambda value: hashed.append(value) or "digest")
    of(before, secret("one"))
    assert "one" in hashed
    assert '"one"' not in json.dumps(hashed[-1])


def test_what_a_preview_hides_beside_a_secret_is_in_it_as_the_program_declares_it():
    """A distribution's origins are hidden whole, for a header of one of them."""
    graph = built("dev")
    label = "cloudfront.Distribution cdn"
    old = found(graph, label)
    hidden = replace(
        old,
        inputs={**old.inputs, "origins": UNKNOWN, "comment": "more"},
        secrets=("inputs.origins",),
    )
    after = Graph(
        graph.project, graph.stack, tuple(hidden if r is old else r for r in graph.resources)
    )
    changes = compare(graph, after)
    other = changed(label, "origins", [{"originId": "another"}])(graph)

    assert [change.resource.name for change in changes] == ["cdn"]
    assert digest(after, changes, graph) == digest(after, changes, built("dev"))
    assert digest(after, changes, graph) != digest(after, changes, other)


def test_a_name_that_is_drawn_anew_at_every_preview_is_no_other_change(tmp_path):
    """https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step_generator.go: the seed
    of a resource's name is random, unless a plan has it."""
    before = readers.stack_export(EXPORT)
    one, again, other = (
        readers.preview(preview(tmp_path / f"{n}.json", suffix, fifoQueue=fifo))
        for n, (suffix, fifo) in enumerate(
            (("0a1b2c3", False), ("4d5e6f7", False), ("0a1b2c3", True))
        )
    )

    assert of(before, one) == of(before, again) != of(before, other)


@pytest.mark.parametrize("there", [True, False], ids=["changed", "new"])
def test_what_is_not_known_yet_is_another_change_if_it_comes_from_elsewhere(there):
    """As before a deployment, which knows no ARN: two new keys, and a group that takes one's."""
    graph = built("dev")
    label = "cloudwatch.LogGroup simcore"
    group, key = found(graph, label), found(graph, "kms.Key key")
    keys = [replace(key, urn=f"{key.urn}{n}", name=f"key{n}", id=UNKNOWN, outputs={}) for n in "12"]

    def under(chosen: Resource) -> Graph:
        taken = replace(
            group,
            inputs={**group.inputs, "kmsKeyId": UNKNOWN},
            property_dependencies={**group.property_dependencies, "kmsKeyId": (chosen.urn,)},
        )
        resources = (*(taken if r is group else r for r in graph.resources), *keys)
        return Graph(graph.project, graph.stack, resources)

    before = graph if there else without(label)(graph)
    assert of(before, under(keys[0])) == of(before, under(keys[0]))
    assert of(before, under(keys[0])) != of(before, under(keys[1]))


def test_what_is_replaced_has_another_drawn_name_which_is_no_change_of_its_own():
    graph = built("dev")
    label = "lambda.Function simcore"

    def named(name: str, **inputs: object) -> Graph:
        old = found(graph, label)
        given = {**old.inputs, "name": name, "__defaults": ["name"], **inputs}
        new = replace(old, inputs=given)
        return Graph(
            graph.project, graph.stack, tuple(new if r is old else r for r in graph.resources)
        )

    before = named("simcore-0a1b2c3")
    assert compare(before, named("simcore-4d5e6f7")) == []
    one, other = (named(f"simcore-{n}", packageType="Image") for n in ("4d5e6f7", "89abcde"))
    assert of(before, one) == of(before, other)
