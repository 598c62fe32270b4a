"""What becomes of what is deleted or made anew: whether it may go, and what goes with it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from graph.changes.model import Change, Risk
from graph.model import Resource
from graph.stores import STORES, holds_data

ENGINE: Final = "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/"
API: Final = "https://docs.aws.amazon.com"


def _emptied(resource: Resource) -> str:
    return "" if resource.inputs.get("forceDestroy") is True else "AWS refuses until it is empty"


def _waits(path: str, way_back: str) -> Callable[[Resource], str]:
    def when(resource: Resource) -> str:
        days = resource.inputs.get(path, 30)
        return f"after {days} days, until then {way_back}" if days else ""

    return when


def _system_backup(resource: Resource) -> str:
    recovery = resource.inputs.get("pointInTimeRecovery")
    on = isinstance(recovery, Mapping) and recovery.get("enabled") is True
    return "a system backup is kept for 35 days" if on else ""


def _last_snapshot(resource: Resource) -> str:
    skips = resource.inputs.get("skipFinalSnapshot") is True
    return "" if skips else "a last snapshot is taken first"


LEAVING: Final[Mapping[str, tuple[Callable[[Resource], str], str]]] = {
    "aws:backup/vault:Vault": (
        _emptied,
        f"{API}/aws-backup/latest/devguide/API_DeleteBackupVault.html",
    ),
    "aws:dynamodb/table:Table": (
        _system_backup,
        f"{API}/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html",
    ),
    "aws:kms/key:Key": (
        _waits("deletionWindowInDays", "`kms cancel-key-deletion` brings it back"),
        f"{API}/kms/latest/APIReference/API_ScheduleKeyDeletion.html",
    ),
    "aws:rds/instance:Instance": (
        _last_snapshot,
        f"{API}/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html",
    ),
    "aws:s3/bucket:Bucket": (_emptied, f"{API}/AmazonS3/latest/API/API_DeleteBucket.html"),
    "aws:secretsmanager/secret:Secret": (
        _waits("recoveryWindowInDays", "`secretsmanager restore-secret` brings it back"),
        f"{API}/secretsmanager/latest/apireference/API_DeleteSecret.html",
    ),
}
"""What stands between a deletion and the loss, if anything does, and where that is said."""

GUARDED: Final = {
    "aws:rds/instance:Instance": (
        "deletionProtection",
        True,
        f"{API}/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html",
    ),
    "aws:dynamodb/table:Table": (
        "deletionProtectionEnabled",
        True,
        "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html",
    ),
    "aws:cognito/userPool:UserPool": (
        "deletionProtection",
        "ACTIVE",
        "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html",
    ),
}
"""The property by which AWS refuses deletion, its value then, and where it says so."""


def risks(change: Change) -> Iterator[Risk]:
    """Of one that is no deletion and no replacement, none."""
    old = change.before
    if old is None or not {"delete", "replace"} & {*change.kinds} or _stays(change):
        return
    what = "deleted" if change.after is None else "replaced"
    if old.protect and (change.after is None or change.after.protect):
        yield Risk("refused", f"it is protected, so Pulumi refuses: it would be {what}", ENGINE)
    if old.type in GUARDED:
        path, value, source = GUARDED[old.type]
        if old.inputs.get(path) == value:
            yield Risk("refused", f"{path} is on, so AWS refuses to delete it", source)
    if holds_data(old):
        said, source = LEAVING.get(old.type, (lambda _: "", ""))
        when = said(old)
        message = f"{STORES[old.type]} are gone: it is {what}"
        yield Risk("loses", message, source if when else "", when=when)


def _stays(change: Change) -> bool:
    return change.after is None and bool(change.before and change.before.retain_on_delete)
