"""An on-demand snapshot of the stack's database, before a change that may cost it something."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from graph.changes.aws import INSTANCE
from graph.model import Graph
from graph.stores import holds_data
from tools import ExpectedError
from tools.release.site.aws import client, plainly

EVERY_SECONDS: Final = 15
PATIENCE_SECONDS: Final = 3600
READY: Final = ("available", "storage-optimization")
"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html"""
GONE_WRONG: Final = ("failed", "deleting", "deleted", "incompatible", "storage-full", "stopped")
"""States of an instance or a snapshot that pass by themselves to none that is available."""
REASON: Final = "Reason"
REFUSED: Final = re.compile(r"[^\w\s.:/=+\-@]")
"""What a tag's value may not hold, nor be longer than LONGEST:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html"""
LONGEST: Final = 256

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One that is there."""

    stack: str
    instance: str
    snapshot: str
    arn: str

    def as_json(self) -> str:
        """For a workflow."""
        return json.dumps(asdict(self), indent=2) + "\n"


def take(state: Graph, region: str, *, now: datetime, reason: str | None, say: Say) -> Snapshot:
    """Make it and wait until it can be restored. Raises ExpectedError where it cannot be."""
    instance, aws = _instance(state), client("rds", region)
    name = f"{instance}-before-{now:%Y%m%d-%H%M%S}"
    with plainly(f"backing up {instance}"):
        database = _until_available(
            instance,
            lambda: aws.describe_db_instances(DBInstanceIdentifier=instance)["DBInstances"][0],
            "DBInstanceStatus",
            say,
        )
        aws.create_db_snapshot(
            DBInstanceIdentifier=instance,
            DBSnapshotIdentifier=name,
            Tags=_tags(database, reason),
        )
        made = _until_available(
            name,
            lambda: aws.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"][0],
            "Status",
            say,
        )
    return Snapshot(stack=state.stack, instance=instance, snapshot=name, arn=made["DBSnapshotArn"])


def _instance(state: Graph) -> str:
    """The primary: a replica's data is the primary's. Its id in the state is no name."""
    for each in state.by_type(INSTANCE):
        if holds_data(each) and isinstance(name := each.outputs.get("identifier"), str):
            return name
    raise ExpectedError(f"{state.stack} has no database in its state: there is nothing to back up")


def _tags(database: Mapping[str, Any], reason: str | None) -> list[Mapping[str, str]]:
    """The instance's own, by which the stack is known, are not copied to a snapshot that is given
    any: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html"""
    tags = {tag["Key"]: tag["Value"] for tag in database.get("TagList", ())}
    if reason:
        tags[REASON] = " ".join(REFUSED.sub(" ", reason).split())[:LONGEST].strip()
    # AWS's own are AWS's to give.
    return [{"Key": k, "Value": v} for k, v in tags.items() if not k.startswith("aws:")]


def _until_available(
    name: str, look: Callable[[], Mapping[str, Any]], key: str, say: Say
) -> Mapping[str, Any]:
    """A backup or a change that is going on passes; https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html"""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = look()
        status = str(found[key])
        if status in READY:
            return found
        if status.startswith(GONE_WRONG):
            raise ExpectedError(f"{name} is {status}: no snapshot can be relied upon")
        if time.monotonic() >= end:
            raise ExpectedError(f"{name} is still {status} after {PATIENCE_SECONDS} seconds")
        percent = found.get("PercentProgress")
        say(f"{name}: {status}{f', {percent} percent' if percent is not None else ''}")
        time.sleep(EVERY_SECONDS)
