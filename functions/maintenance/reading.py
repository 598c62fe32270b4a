"""A backup opened, and whether it holds what it says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from functions.maintenance import packing
from functions.maintenance.bucket import Bucket
from functions.maintenance.document import BackupError, Document
from functions.platform_runtime.secrets.sealing import DataKey


@dataclass(frozen=True, kw_only=True)
class Verified:
    """A backup that is whole; ``checksum`` is what its export answered."""

    backup: str
    reason: str
    timestamp: str
    counts: dict[str, int]
    checksum: str
    key_version: str


@contextmanager
def opened(bucket: Bucket, key: DataKey) -> Iterator[Document]:
    """The backup under the key's purpose. What is wrong with it is raised with its name."""
    try:
        yield Document(packing.unpack(key, bucket.pieces(key.purpose)))
    except BackupError as error:
        raise BackupError(f"{key.purpose}: {error}") from error


def verify(bucket: Bucket, key: DataKey) -> Verified:
    """Read a backup to its end, which needs no database. Raises BackupError."""
    with opened(bucket, key) as document:
        document.read()
        return verified(document, key)


def verified(document: Document, key: DataKey) -> Verified:
    """What was read, once all of it has been."""
    return Verified(
        backup=key.purpose,
        reason=str(document.about["reason"]),
        timestamp=str(document.about["timestamp"]),
        counts=document.totals.counts,
        checksum=document.totals.checksum,
        key_version=key.version,
    )
