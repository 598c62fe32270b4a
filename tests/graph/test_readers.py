"""The record from what Pulumi's own CLI wrote, cut down to a few resources of each kind."""

import json
from pathlib import Path

import pytest

from graph import GraphError, readers
from graph.model import UNKNOWN

ENGINE = Path(__file__).with_name("engine_output")
EXPORT = ENGINE / "export.json"
FIRST, UNCHANGED, CHANGED = (
    ENGINE / f"preview-{what}.json" for what in ("first", "unchanged", "changed")
)
KEY = "arn:aws:kms:us-east-1:123456789012:key/f366d309-7160-5526-5f0c-c6aa133826ee"
REFRESH = ENGINE / "refresh.json"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def edited(tmp_path, file, change):
    """The file, with its data changed in place."""
    data = json.loads(file.read_text())
    change(data)
    new = tmp_path / file.name
    new.write_text(json.dumps(data))
    return new


def labels(graph):
    return [resource.label for resource in graph.resources]


def test_an_export_is_what_is_deployed():
    graph = readers.stack_export(EXPORT)
    table = graph.resource("tables-limits")

    assert (graph.project, graph.stack) == ("ma-platform", "dev")
    assert graph.outputs == {"api_url": "https://d6f0b2a59cfc0d.cloudfront.net/api"}
    assert sorted(labels(graph)) == [
        "cloudwatch.MetricAlarm identity-sign-in-throttles",
        "dynamodb.Table tables-limits",
        "kms.Key key",
        "ma-platform.Tables tables",
        "provider.aws aws",
        "provider.random default_4_21_4",
        "pulumi.Stack ma-platform-dev",
        "random.RandomPassword origin-lock-1",
        "rds.Instance database",
    ]
    assert table.id == "tables-limits-091e02d"
    assert table.inputs["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": KEY}
    assert table.property_dependencies["serverSideEncryption"] == (graph.resource("key").urn,)
    assert graph.component(table) == graph.resource("tables")


def test_an_archive_is_where_it_is_and_a_provider_what_it_was_given(tmp_path):
    """As `pulumi stack export` of a deployed stack has them: a digest of the file's content, and
    what the engine adds to a provider's inputs."""
    archive = {
        "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7",
        "hash": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "path": "build/simcore-0.zip",
    }

    def change(data):
        for resource in data["deployment"]["resources"]:
            if resource["urn"].endswith("::tables-limits"):
                resource["inputs"] = {"code": archive}
            if resource["urn"].endswith("::aws"):
                resource["inputs"] = {"__internal": {}, "version": "7.51.1", "region": "us-east-1"}

    graph = readers.stack_export(edited(tmp_path, EXPORT, change))

    assert graph.resource("tables-limits").inputs == {"code": {"path": "build/simcore-0.zip"}}
    assert graph.resource("aws").inputs == {"region": "us-east-1"}


def test_an_encrypted_secret_is_unknown_and_a_decrypted_one_is_kept(tmp_path):
    def decrypt(data):
        (password,) = [
            r for r in data["deployment"]["resources"] if r["urn"].endswith("origin-lock-1")
        ]
        password["outputs"]["result"] = {**SECRET, "plaintext": '"hunter2"'}

    encrypted = readers.stack_export(EXPORT).resource("origin-lock-1")
    decrypted = readers.stack_export(edited(tmp_path, EXPORT, decrypt)).resource("origin-lock-1")

    assert encrypted.secrets == decrypted.secrets == ("outputs.bcryptHash", "outputs.result")
    assert (encrypted.outputs["result"], decrypted.outputs["result"]) == (UNKNOWN, "hunter2")
    assert decrypted.to_json()["outputs"]["result"] == "[secret]"


def test_what_waits_to_be_deleted_is_not_deployed(tmp_path):
    def pending(data):
        resources = data["deployment"]["resources"]
        table = next(r for r in resources if r["urn"].endswith("tables-limits"))
        resources.append({**table, "id": "tables-limits-before", "delete": True})

    graph = readers.stack_export(edited(tmp_path, EXPORT, pending))

    assert graph.resource("tables-limits").id == "tables-limits-091e02d"


def test_fields_that_rules_ask_for_are_read(tmp_path):
    def more(data):
        table = next(
            r for r in data["deployment"]["resources"] if r["urn"].endswith("tables-limits")
        )
        table |= {
            "protect": True,
            "retainOnDelete": True,
            "external": True,
            "aliases": ["urn:former"],
            "ignoreChanges": ["ttl"],
        }

    table = readers.stack_export(edited(tmp_path, EXPORT, more)).resource("tables-limits")

    assert (table.protect, table.retain_on_delete, table.external) == (True, True, True)
    assert (table.aliases, table.ignore_changes) == (("urn:former",), ("ttl",))


def test_a_first_preview_leaves_ids_and_what_comes_of_them_unknown():
    graph = readers.preview(FIRST)
    table, database = graph.resource("tables-limits"), graph.resource("database")

    assert {r.id for r in graph.resources if r.custom} == {UNKNOWN}
    assert graph.resource("tables").id is None
    assert table.inputs["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": UNKNOWN}
    assert database.inputs["kmsKeyId"] is UNKNOWN
    assert graph.resource("key").urn in database.property_dependencies["kmsKeyId"]


def test_a_preview_of_a_stack_that_stays_is_what_is_deployed():
    deployed, planned = readers.stack_export(EXPORT), readers.preview(UNCHANGED)

    for resource in planned.resources:
        if resource.custom:
            same = deployed.resource(resource.urn)
            assert (resource.id, resource.outputs) == (same.id, same.outputs)


def test_a_preview_has_what_is_changed_and_not_what_goes():
    graph = readers.preview(CHANGED)
    before = readers.preview(UNCHANGED)

    assert {*labels(before)} - {*labels(graph)} == {
        "cloudwatch.MetricAlarm identity-sign-in-throttles"
    }
    managed = [
        g.resource("database").inputs.get("manageMasterUserPassword") for g in (before, graph)
    ]
    assert managed == [True, None]
    assert graph.resource("database").id == before.resource("database").id


def test_of_a_replacement_the_last_step_is_what_is_left(tmp_path):
    def replaced(data):
        (step,) = [s for s in data["steps"] if s["urn"].endswith("::tables-limits")]
        new = {**step["newState"], "inputs": {**step["newState"]["inputs"], "hashKey": "id"}}
        data["steps"] += [
            {**step, "op": "create-replacement", "newState": new},
            {**step, "op": "replace", "newState": new},
            {**step, "op": "delete-replaced"},
        ]

    graph = readers.preview(edited(tmp_path, CHANGED, replaced))

    assert graph.resource("tables-limits").inputs["hashKey"] == "id"


NEITHER_EXPORT = ['{"deployment": 7}', '{"deployment": {"resources": [7]}}']
NEITHER = ["", "not JSON", "[]", "null", "7", "{}", '{"steps": 7}', '{"steps": [7]}']


@pytest.mark.parametrize(
    "text", [*NEITHER, '{"deployment": 7}', '{"deployment": {"resources": [7]}}']
)
@pytest.mark.parametrize(
    ("read", "command"),
    [
        (readers.stack_export, "pulumi stack export"),
        (readers.preview, "pulumi preview --json --show-sames"),
    ],
)
def test_another_file_is_refused_with_the_command_that_writes_one(tmp_path, read, command, text):
    file = tmp_path / "other.json"
    file.write_text(text)

    with pytest.raises(GraphError) as refused:
        read(file)

    assert str(refused.value) == f"{file}: not what `{command}` writes"


def test_each_kind_of_file_is_not_the_other():
    with pytest.raises(GraphError, match="not what `pulumi stack export` writes"):
        readers.stack_export(FIRST)
    with pytest.raises(GraphError, match="not what `pulumi preview --json --show-sames` writes"):
        readers.preview(EXPORT)


def test_a_file_that_is_not_there_is_named_with_the_command_that_writes_it(tmp_path):
    file = tmp_path / "none.json"

    with pytest.raises(GraphError) as refused:
        readers.stack_export(file)

    assert str(refused.value) == (
        f"{file}: No such file or directory; write it by `pulumi stack export > {file}`"
    )


def test_a_file_that_is_no_text_is_refused(tmp_path):
    file = tmp_path / "binary.json"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(GraphError, match="not what `pulumi stack export` writes"):
        readers.stack_export(file)


def test_a_refresh_tells_what_is_otherwise_and_what_is_gone(tmp_path):
    """As the CLI wrote it, cut down: a look at a stack of which three things were changed by
    hand."""
    found, untold = readers.refreshed(REFRESH)

    assert [(each.before.label, each.after is None, each.paths) for each in found] == [
        ("iam.Role simcore", False, ("memorySize", "timeout")),
        ("cloudfront.Function cdn-rewrite", False, ("code",)),
        ("sns.Topic topics-outage", True, ()),
    ]
    assert untold == 0
    assert found[1].after.inputs["code"] == 'const RELEASE = "r9";'
    more = edited(tmp_path, REFRESH, lambda data: data["changeSummary"].update(update=4))
    assert readers.refreshed(more)[1] == 2


def test_another_file_is_no_refresh():
    with pytest.raises(GraphError, match="not what `pulumi refresh --preview-only --json` writes"):
        readers.refreshed(EXPORT)
