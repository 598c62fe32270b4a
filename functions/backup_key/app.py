"""Runs the jobs on backups: {"job": "export", "reason": "..."}, or "verify" and "restore" of one.

The function that does them is in the VPC and cannot read ENCRYPTION_KEY. This one is outside: it
makes a key for the backup, or finds the one an old backup was sealed with, and hands it on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from contract.objects import BACKUPS
from functions.platform_runtime import clients
from functions.platform_runtime import settings as platform
from functions.platform_runtime.secrets.keyring import Keyring
from functions.platform_runtime.secrets.sealing import LONGEST_HEADER, DataKey
from functions.platform_runtime.secrets.store import Secret
from functions.platform_runtime.telemetry import log
from functions.platform_runtime.telemetry.failures import marked

SECRET = "ENCRYPTION_KEY"  # noqa: S105
FILE = "/full-backup.json"
LONGEST_REASON = 500
LONGEST_SECONDS = 900.0
"""Lambda's own limit; a second invocation because the first was slow would help nobody."""
CALL_SECONDS = 5.0

logger = log.logger("backup_key")


@dataclass(frozen=True, kw_only=True)
class Settings(platform.Settings):
    """What this function is given besides."""

    data_bucket: str
    encryption_key_arn: str
    maintenance_function: str


class BackupRequestError(Exception):
    """The event does not say what is wanted, or of what."""


class MaintenanceFailedError(Exception):
    """What the maintenance function failed with."""


@cache
def settings() -> Settings:
    return platform.read(Settings)


@marked(logger)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Answer what the job answers. Raises, so that Lambda tries a scheduled event again."""
    match event.get("job"):
        case "export":
            relayed = export(event)
        case "verify" | "restore" as job:
            relayed = {"job": job, "data_key": old_key(event).payload()}
        case other:
            raise BackupRequestError(f"no job {other!r}; there are export, verify, restore")
    answer = maintain(relayed)
    logger.info("done", extra={"result": answer})
    return answer


def export(event: Mapping[str, Any]) -> dict[str, Any]:
    """What is relayed for an export, under a new key. Raises BackupRequestError.

    Lambda may deliver an event twice; with the timestamp in it both are the same backup.
    """
    reason = event.get("reason")
    if not (isinstance(reason, str) and 0 < len(reason) <= LONGEST_REASON):
        raise BackupRequestError(f"an export has a reason, of up to {LONGEST_REASON} characters")
    moment = _moment(event)
    key = keyring().data_key(f"{BACKUPS}{_stamp(moment)}{FILE}")
    return {
        "job": "export",
        "reason": reason,
        "timestamp": moment.isoformat(),
        "data_key": key.payload(),
    }


def old_key(event: Mapping[str, Any]) -> DataKey:
    """The key of the backup the event names, by the version its first line names."""
    from botocore.exceptions import ClientError

    named = event.get("backup")
    if not (isinstance(named, str) and named):
        raise BackupRequestError('which backup? {"backup": "20261122T030000Z"}')
    name = f"{BACKUPS}{named.removeprefix(BACKUPS).removesuffix(FILE)}{FILE}"
    s3 = clients.client("s3", seconds=CALL_SECONDS)
    start = {"Bucket": settings().data_bucket, "Key": name, "Range": f"bytes=0-{LONGEST_HEADER}"}
    try:
        content = s3.get_object(**start)["Body"].read()
    except ClientError as error:
        if clients.error_code(error) in {"NoSuchKey", "InvalidRange"}:
            raise BackupRequestError(f"there is no {name}") from error
        raise
    return keyring().data_key_of(content.partition(b"\n")[0], name)


def keyring() -> Keyring:
    """Read each time: an old copy might lack the version a new backup names."""
    return Keyring.parse(Secret(SECRET, settings().encryption_key_arn).value())


def maintain(event: Mapping[str, Any]) -> dict[str, Any]:
    """Have the job done and wait for it. Raises MaintenanceFailedError."""
    client = clients.client("lambda", seconds=LONGEST_SECONDS, attempts=1)
    response = client.invoke(
        FunctionName=settings().maintenance_function, Payload=json.dumps(event)
    )
    answer: dict[str, Any] = json.loads(response["Payload"].read())
    if "FunctionError" in response:
        raise MaintenanceFailedError(answer.get("errorMessage", response["FunctionError"]))
    return answer


def _moment(event: Mapping[str, Any]) -> datetime:
    stated = event.get("timestamp")
    if stated is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(stated)
    except (TypeError, ValueError):
        raise BackupRequestError(f"no timestamp of ISO 8601: {stated!r}") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _stamp(moment: datetime) -> str:
    """ISO 8601's basic format: the extended one has colons, which are not safe in every tool's
    paths and URLs. To the millisecond, so that two made by hand are two."""
    milliseconds = f".{moment.microsecond // 1000:03}" if moment.microsecond else ""
    return f"{moment:%Y%m%dT%H%M%S}{milliseconds}Z"
