"""Backups in S3: written in parts, seen whole or not at all, and never written over."""

# ruff: noqa: ANN401 - boto3 makes its clients' classes at run time.
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from functions.maintenance.document import BackupError
from functions.platform_runtime import clients
from functions.platform_runtime.telemetry import usage

PART_BYTES = 8 * 1024 * 1024
"""Held twice while it is sent. 10 000 parts are S3's most: 80 GB, compressed."""
RANGE_BYTES = 8 * 1024 * 1024
PIECE_BYTES = 64 * 1024
CHECKSUM = "CRC32"
"""Named, for S3's default and the client's are not the same one."""
CALL_SECONDS = 20.0
ATTEMPTS = 4


class ExistsError(Exception):
    """There is an object of this name already."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What was stored, as it lies there; the checksum is for copies kept elsewhere."""

    bytes: int
    sha256: str


class Bucket:
    """The data bucket, or a part of it: with ``part_bytes`` of 5 MiB at least, S3's own floor."""

    def __init__(self, name: str, *, part_bytes: int = PART_BYTES) -> None:
        self._name, self._part_bytes = name, part_bytes

    def exists(self, key: str) -> bool:
        from botocore.exceptions import ClientError

        try:
            self._s3.head_object(Bucket=self._name, Key=key)
        except ClientError as error:
            # HEAD has no body and so no name for it.
            if clients.error_code(error) == "404":
                return False
            raise
        return True

    def upload(self, key: str, pieces: Iterable[bytes], *, check: Callable[[], None]) -> Stored:
        """Store what comes, of any length; ``check`` may raise before each part.

        Whatever is raised, nothing is there that was not before. Raises ExistsError. What a killed
        process leaves are parts, which nobody sees and the bucket's lifecycle ends.
        """
        made = self._s3.create_multipart_upload(
            Bucket=self._name,
            Key=key,
            ContentType="application/octet-stream",
            ChecksumAlgorithm=CHECKSUM,
        )
        upload = {"Bucket": self._name, "Key": key, "UploadId": made["UploadId"]}
        try:
            parts, stored = self._send(upload, pieces, check)
            self._complete(upload, parts)
        except BaseException:
            with suppress(Exception):
                self._s3.abort_multipart_upload(**upload)
            raise
        usage.add(storage_bytes=stored.bytes)
        return stored

    def pieces(self, key: str) -> Iterator[bytes]:
        """An object, a range at a time: reading may pause for as long as a database takes.

        Raises BackupError if there is none.
        """
        from botocore.exceptions import ClientError

        start, size = 0, 1
        same: dict[str, str] = {}
        try:
            while start < size:
                wanted = f"bytes={start}-{start + RANGE_BYTES - 1}"
                found = self._s3.get_object(Bucket=self._name, Key=key, Range=wanted, **same)
                same = {"IfMatch": found["ETag"]}
                size = int(found["ContentRange"].rpartition("/")[2])
                content = found["Body"].read()
                start += len(content)
                for at in range(0, len(content), PIECE_BYTES):
                    yield content[at : at + PIECE_BYTES]
        except ClientError as error:
            if clients.error_code(error) in {"NoSuchKey", "InvalidRange"}:
                raise BackupError("there is no such backup") from error
            raise

    def _send(
        self, upload: dict[str, str], pieces: Iterable[bytes], check: Callable[[], None]
    ) -> tuple[list[dict[str, Any]], Stored]:
        parts, size, digest = [], 0, hashlib.sha256()
        for number, part in enumerate(_parts(pieces, self._part_bytes), start=1):
            check()
            sent = self._s3.upload_part(
                **upload, PartNumber=number, Body=part, ChecksumAlgorithm=CHECKSUM
            )
            # S3 wants to hear each part's checksum again.
            told = {name: sent[name] for name in ("ETag", f"Checksum{CHECKSUM}")}
            parts.append({"PartNumber": number, **told})
            size += len(part)
            digest.update(part)
        return parts, Stored(bytes=size, sha256=digest.hexdigest())

    def _complete(self, upload: dict[str, str], parts: list[dict[str, Any]]) -> None:
        from botocore.exceptions import ClientError

        try:
            self._s3.complete_multipart_upload(
                **upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
            )
        except ClientError as error:
            if clients.error_code(error) == "PreconditionFailed":
                raise ExistsError(upload["Key"]) from error
            raise

    @cached_property
    def _s3(self) -> Any:
        return clients.client("s3", seconds=CALL_SECONDS, attempts=ATTEMPTS)


def _parts(pieces: Iterable[bytes], size: int) -> Iterator[bytearray]:
    """As many bytes as were asked for, and what is left; at least one, for S3 wants one."""
    part, first = bytearray(), True
    for piece in pieces:
        part += piece
        if len(part) >= size:
            yield part
            part, first = bytearray(), False
    if part or first:
        yield part
