"""`backup` against moto: a snapshot that RDS takes, that says why, and that can be restored."""

import json
import re

import boto3
import pytest
from moto import mock_aws

from tests.graph.test_readers import EXPORT
from tests.tools.test_cli import tools as tools
from tests.tools.test_cli_gate import NOTHING
from tests.tools.test_cli_gate import pulumi as pulumi
from tools.release import backup

NAME = "ma-platform-dev"
STACK = {"Key": "Stack", "Value": "dev"}
LEGAL = re.compile(r"[A-Za-z](-?[A-Za-z0-9])*")
"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html"""


@pytest.fixture(autouse=True)
def rds(monkeypatch, pulumi):
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    monkeypatch.setattr(backup, "EVERY_SECONDS", 0)
    pulumi(export=(EXPORT.read_text(), "", 0))
    with mock_aws():
        made = boto3.client("rds", "us-east-1")
        made.create_db_instance(
            DBInstanceIdentifier=NAME,
            DBInstanceClass="db.t4g.micro",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="platform_admin",
            MasterUserPassword="password",
            Tags=[STACK],
        )
        yield made


def snapshots(rds) -> list[dict]:
    return rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]


def test_the_snapshots_id_is_printed_and_its_tags_say_whose_it_is_and_why(tools, rds):
    status, out, err = tools("backup", "dev", "--reason", "release 7; by <ada>\n& co")
    [made] = snapshots(rds)

    assert (status, out, err) == (0, f"{made['DBSnapshotIdentifier']}\n", "")
    assert re.fullmatch(rf"{NAME}-before-\d{{8}}-\d{{6}}", made["DBSnapshotIdentifier"])
    assert LEGAL.fullmatch(made["DBSnapshotIdentifier"])
    tags = rds.list_tags_for_resource(ResourceName=made["DBSnapshotArn"])["TagList"]
    assert STACK in tags
    assert {"Key": "Reason", "Value": "release 7 by ada co"} in tags


def test_a_workflow_reads_it_as_json(tools, rds):
    _, out, _ = tools("backup", "dev", "--json")
    [made] = snapshots(rds)

    assert json.loads(out) == {
        "stack": "dev",
        "instance": NAME,
        "snapshot": made["DBSnapshotIdentifier"],
        "arn": made["DBSnapshotArn"],
    }


def looked_at(monkeypatch, *instance, snapshot=()):
    """What RDS says of the instance and the snapshot, one look after the other."""
    real = boto3.client("rds", "us-east-1")
    for call, key, states in (
        ("describe_db_instances", "DBInstances", list(instance)),
        ("describe_db_snapshots", "DBSnapshots", list(snapshot)),
    ):
        look = getattr(real, call)

        def answer(look=look, key=key, states=states, **given):
            found = look(**given)
            if states:
                found[key][0].update(states.pop(0))
            return found

        monkeypatch.setattr(real, call, answer)
    monkeypatch.setattr(backup, "client", lambda *_: real)


def test_it_waits_for_what_is_going_on_and_says_how_far_it_is(tools, monkeypatch):
    looked_at(
        monkeypatch,
        {"DBInstanceStatus": "backing-up"},
        {"DBInstanceStatus": "storage-optimization"},
        snapshot=[{"Status": "creating", "PercentProgress": n} for n in (0, 40)],
    )
    status, out, err = tools("backup", "dev")

    name = out.strip()
    assert status == 0
    assert err.splitlines() == [
        f"{NAME}: backing-up",
        f"{name}: creating, 0 percent",
        f"{name}: creating, 40 percent",
    ]


def test_a_snapshot_that_fails_or_never_ends_is_none(tools, monkeypatch):
    looked_at(monkeypatch, snapshot=[{"Status": "failed"}])
    status, out, err = tools("backup", "dev")
    assert (status, out) == (2, "")
    assert err.endswith("is failed: no snapshot can be relied upon\n")

    monkeypatch.setattr(backup, "PATIENCE_SECONDS", 0)
    looked_at(monkeypatch, {"DBInstanceStatus": "modifying"})
    assert tools("backup", "dev") == (
        2,
        "",
        f"error: {NAME} is still modifying after 0 seconds\n",
    )


def test_where_there_is_no_database_it_says_so(tools, rds, pulumi):
    rds.delete_db_instance(DBInstanceIdentifier=NAME, SkipFinalSnapshot=True)
    status, out, err = tools("backup", "dev")
    assert (status, out) == (2, "")
    assert err.startswith(f"error: backing up {NAME}: DBInstanceNotFound")

    pulumi(export=(NOTHING, "", 0))
    assert tools("backup", "dev") == (
        2,
        "",
        "error: dev is not deployed: there is nothing to back up\n",
    )
    state = json.loads(EXPORT.read_text())
    resources = state["deployment"]["resources"]
    state["deployment"]["resources"] = [r for r in resources if r["type"] != backup.INSTANCE]
    pulumi(export=(json.dumps(state), "", 0))
    assert tools("backup", "dev")[2] == (
        "error: dev has no database in its state: there is nothing to back up\n"
    )
