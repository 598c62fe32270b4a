"""Checks the audit trail against itself, and against what the last check found of it."""

# ruff: noqa: ANN401 - boto3 makes its clients' classes at run time.
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from contract.audit import ANCHORS
from functions.maintenance.chain import Anchor, verify
from functions.maintenance.deadline import Deadline
from functions.maintenance.errors import JobError
from functions.platform_runtime import clients
from functions.platform_runtime.database.postgres import Connection

KEY = f"{ANCHORS}audit_logs.json"
CHECKSUM = "SHA256"
"""Named, for S3 wants one of whatever it locks."""
CALL_SECONDS = 20.0
ATTEMPTS = 4


class BrokenTrailError(JobError):
    """The trail is not what was written; the first row at fault is named."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A trail that is whole. ``anchor`` is the row the last check left, which is still in it."""

    rows: int
    head: Anchor | None
    anchor: Anchor | None


class Anchors:
    """The head of the trail, as each check found it, where no version can be deleted."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def last(self) -> Anchor | None:
        """The newest. Raises JobError for one that cannot be read."""
        from botocore.exceptions import ClientError

        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=KEY)
        except ClientError as error:
            if clients.error_code(error) == "NoSuchKey":
                return None
            raise
        try:
            found = json.loads(answer["Body"].read())
            return Anchor(sequence=int(found["sequence"]), hash=str(found["hash"]))
        except (KeyError, TypeError, ValueError) as error:
            raise JobError(f"s3://{self._bucket}/{KEY} is no anchor: {error}") from error

    def leave(self, anchor: Anchor) -> None:
        """For the next check."""
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        self._s3.put_object(
            Bucket=self._bucket,
            Key=KEY,
            Body=json.dumps({**asdict(anchor), "checked": moment}).encode(),
            ContentType="application/json",
            ChecksumAlgorithm=CHECKSUM,
        )

    @cached_property
    def _s3(self) -> Any:
        return clients.client("s3", seconds=CALL_SECONDS, attempts=ATTEMPTS)


def verify_audit(connection: Connection, anchors: Anchors, deadline: Deadline) -> Checked:
    """Walk the whole trail, over a connection in autocommit mode, and anchor its head.

    Raises BrokenTrailError, and then leaves the anchor as it is.
    """
    anchor = anchors.last()
    with connection.transaction():
        deadline.impose(connection)
        verdict = verify(connection, anchor=anchor, check=deadline.require)
    head = verdict.head
    if verdict.broken is not None:
        good = f"good up to row {head.sequence}, hash {head.hash}" if head else "no row is good"
        raise BrokenTrailError(
            f"audit_logs, row {verdict.broken.sequence}: {verdict.broken.reason} ({good})"
        )
    if head is not None:
        anchors.leave(head)
    return Checked(rows=verdict.rows, head=head, anchor=anchor)
