"""Where a live preview has the engine's own verdict.

The files are what the Pulumi CLI wrote of a program with a thing of each kind, before and after it
changed, beside a provider that replaces a queue for its ``visibilityTimeoutSeconds``, changes
``fifoQueue`` in place and sees no change of one queue's ``messageRetentionSeconds``, none of which
the real one does.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from graph import GraphError, readers
from graph.changes.compare import compare
from graph.model import Graph, Planned
from tests.policies.cases import changed, found
from tests.stacks import built

OUTPUT = Path(__file__).parents[1] / "engine_output"
BEFORE = OUTPUT / "export-verdicts.json"
PREVIEWS = [OUTPUT / f"preview-verdicts{how}.json" for how in ("", "-steps", "-refresh")]
"""Plain, with ``--show-replacement-steps``, and with ``--refresh``."""
ADOPTED = "arn:aws:sns:us-east-1:123456789012:adopted"
VPC = "ec2.Vpc vpc"


def told(before: Graph, after: Graph) -> dict[str, tuple[str, ...]]:
    """What becomes of each, and why."""
    return {c.resource.label: (*c.kinds, *c.why) for c in compare(before, after)}


def planned(graph: Graph, label: str, **said) -> Graph:
    """The plan of a preview in which all else stays."""
    urn = found(graph, label).urn
    same = {
        r.urn: Planned(operation="same", was=(r.urn, r.id))
        for r in graph.resources
        if not r.is_provider
    }
    return replace(graph, plan={**same, urn: replace(same[urn], **said)})


@pytest.mark.parametrize("preview", PREVIEWS, ids=lambda file: file.stem)
def test_what_the_engine_says_is_shown_and_where_the_table_has_it_otherwise_both(preview):
    assert told(readers.stack_export(BEFORE), readers.preview(preview)) == {
        "dynamodb.Table limits": (
            "loses",
            "replace",
            "hashKey cannot be changed in place",
            "its items are gone: it is replaced",
        ),
        # It spreads: only AWS knows the new network's id.
        "ec2.Subnet subnet": ("replace", f"its vpcId comes from {VPC}, which is replaced"),
        VPC: ("replace", "cidrBlock cannot be changed in place"),
        "sqs.Queue jobs": (
            "replace",
            "the engine will replace it: `visibilityTimeoutSeconds`; "
            "by the provider's table it would be updated: `visibilityTimeoutSeconds`",
        ),
        "sns.Topic gone": ("delete",),
        # Encrypted in both: that it is another secret only the engine sees.
        "secretsmanager.SecretVersion key": ("update", "the engine will update it: `secretString`"),
        "sqs.Queue fifo": (
            "update",
            "the engine will update it: `fifoQueue`; "
            "by the provider's table it would be replaced: `fifoQueue`",
        ),
        "sns.Topic adopted": (
            "create",
            f"it is in AWS already, as {ADOPTED}: it is imported",
            "once imported it is updated: name",
        ),
        "sns.Topic new": ("create",),
        # What was only read is made anew beside it.
        "sns.Topic taken": ("create",),
        "sqs.Queue quiet": (
            "same",
            "the engine will leave it as it is; "
            "by the provider's table it would be updated: `messageRetentionSeconds`",
        ),
    }


def test_a_secret_that_only_the_engine_sees_is_not_shown():
    changes = compare(readers.stack_export(BEFORE), readers.preview(PREVIEWS[0]))
    (secret,) = [c for c in changes if c.resource.type.endswith("SecretVersion")]

    assert [(each.path, each.old, each.new) for each in secret.properties] == [
        ("secretString", "[secret]", "[another secret]")
    ]


def test_what_the_engine_said_of_another_state_says_nothing():
    """As of a record on which another commit's preview is laid."""
    before, after = readers.stack_export(BEFORE), readers.preview(PREVIEWS[0])
    elsewhere = replace(
        before,
        resources=tuple(
            replace(r, id="vpc-another") if r.label == VPC else r for r in before.resources
        ),
    )
    there = told(elsewhere, after)

    assert there["sqs.Queue jobs"] == ("update",)
    assert there["sqs.Queue fifo"] == ("replace", "fifoQueue cannot be changed in place")
    assert "secretsmanager.SecretVersion key" not in there


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_first_preview_says_nothing_of_what_is_deployed(stack):
    graph = built(stack)
    first = replace(graph, plan={r.urn: Planned(operation="create") for r in graph.resources})

    assert compare(graph, first) == []


def test_data_is_lost_where_the_engine_alone_replaces_a_store():
    graph = built("dev")
    label = "dynamodb.Table tables-api-keys"
    after = planned(graph, label, operation="replace", replacing=("hashKey",))

    assert told(graph, after)[label] == (
        "loses",
        "replace",
        "the engine will replace it: `hashKey`; by the two records nothing of it changes",
        "its items are gone: it is replaced, a system backup is kept for 35 days",
    )


def test_nothing_is_lost_where_the_engine_keeps_what_the_table_replaces():
    graph = built("dev")
    label = "rds.Instance database"
    other = changed(label, "username", "other")(graph)
    after = planned(other, label, operation="update", changing=("username",))

    assert told(graph, after) == {
        label: (
            "update",
            "the engine will update it: `username`; "
            "by the provider's table it would be replaced: `username`",
        )
    }


def test_what_the_engine_replaces_spreads_and_what_it_does_not_replace_does_not():
    """Both ways from one network: the table replaces it for its range, and not for its name."""
    graph = built("dev")
    label, subnet = "ec2.Vpc network", "ec2.Subnet network-isolated-10.10.0.0-18"
    other = changed(label, "cidrBlock", "10.99.0.0/16")(graph)
    kept = told(graph, planned(other, label, operation="update", changing=("cidrBlock",)))
    anew = planned(graph, label, operation="replace", replacing=("enableDnsSupport",))
    anew = replace(
        anew,
        plan={
            **anew.plan,
            (urn := found(graph, subnet).urn): replace(anew.plan[urn], operation="replace"),
        },
    )

    assert [*kept] == [label]
    assert told(graph, anew)[subnet] == (
        "replace",
        f"its vpcId comes from {label}, which is replaced",
    )


def test_what_is_only_read_is_neither_made_nor_taken_away():
    """`discard` and `read` are steps of the engine that do nothing in AWS:
    https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step.go"""
    graph = built("dev")
    read = replace(found(graph, "s3.Bucket data"), external=True)
    others = tuple(r for r in graph.resources if r.urn != read.urn)
    without, reading = replace(graph, resources=others), replace(graph, resources=(*others, read))

    assert told(reading, without) == told(without, reading) == {}
    assert told(reading, graph) == {"s3.Bucket data": ("create",)}


def test_a_preview_that_leaves_out_what_stays_is_refused(tmp_path):
    """All of it would count as deleted."""
    data = json.loads(PREVIEWS[0].read_text())
    data["steps"] = [each for each in data["steps"] if each["op"] != "same"]
    file = tmp_path / "preview.json"
    file.write_text(json.dumps(data))

    with pytest.raises(GraphError, match=r"what stays is left out, .* preview --json --show-sames"):
        readers.preview(file)
