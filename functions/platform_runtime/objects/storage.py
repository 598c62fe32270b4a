"""Payloads and results in S3: compressed, moved by the browser itself, and archived with age.

gzip, as the runtime's Python knows it without a package (zstd came with 3.14) and so does every
browser, which unpacks a ``Content-Encoding`` by itself.
"""

import gzip
import json
import re
import zlib
from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

from functions.platform_runtime import clients
from functions.platform_runtime.objects.status import (
    ArchivedError,
    MissingError,
    ObjectStatus,
    Presigned,
    StorageError,
    TooLargeError,
    object_key,
    status,
)
from functions.platform_runtime.responses import REVALIDATED
from functions.platform_runtime.telemetry import usage

__all__ = [
    "ArchivedError",
    "MissingError",
    "ObjectStatus",
    "Presigned",
    "Storage",
    "StorageError",
    "TooLargeError",
    "object_key",
]

JSON = "application/json"
COMPRESSED = {"compressed": "true"}
MOST_BYTES = 64 * 1024 * 1024
"""Of unpacked data: a few kilobytes may unpack to gigabytes, and a function has 256 MB."""
URL_SECONDS = 900
CALL_SECONDS = 3.0
RESTORED_DAYS = 7


class Storage:
    """The data bucket."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def store_compressed(self, key: str, data: object) -> int:
        """Store data as compressed JSON; returns how many bytes that took."""
        text = json.dumps(data, separators=(",", ":"), allow_nan=False)
        # Without the time, the same data is the same object.
        packed = gzip.compress(text.encode(), mtime=0)
        self._s3.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=packed,
            ContentType=JSON,
            ContentEncoding="gzip",
            Metadata=COMPRESSED,
        )
        usage.add(storage_bytes=len(packed))
        return len(packed)

    def load_compressed(self, key: str, *, most_bytes: int = MOST_BYTES) -> object:
        """The data stored, also if it was stored or uploaded as it is.

        Raises MissingError, ArchivedError, TooLargeError, and ValueError if it is no JSON.
        """
        found = self._found(self._s3.get_object, key)
        packed = found["Body"].read(most_bytes + 1)
        if found.get("ContentEncoding") == "gzip":
            try:
                unpacking = zlib.decompressobj(wbits=31)
                text = unpacking.decompress(packed, most_bytes + 1)
            except zlib.error as error:
                raise ValueError(f"{key} is not gzip: {error}") from error
            if len(text) <= most_bytes and not unpacking.eof:
                raise ValueError(f"{key} ends too early")
        else:
            text = packed
        if len(text) > most_bytes:
            raise TooLargeError(f"{key} holds more than {most_bytes} bytes")
        return json.loads(text)

    def upload(
        self, key: str, *, size: int, most_bytes: int, compressed: bool = False
    ) -> Presigned:
        """Let the browser store ``size`` bytes of JSON, not one more. Raises TooLargeError."""
        if size > most_bytes:
            raise TooLargeError(f"{size} bytes are more than {most_bytes}")
        given: dict[str, Any] = {"ContentType": JSON, "ContentLength": size}
        # The browser sends the length itself, and S3 refuses any other than the one signed.
        headers = {"content-type": JSON}
        if compressed:
            given |= {"ContentEncoding": "gzip", "Metadata": COMPRESSED}
            headers |= {"content-encoding": "gzip", "x-amz-meta-compressed": "true"}
        return self._presigned("PUT", key, headers, **given)

    def download(self, key: str, *, filename: str | None = None) -> Presigned:
        """Let the browser read it. Raises MissingError, ArchivedError.

        Asked beforehand, as S3 would tell the browser in XML.
        """
        if not self.status(key).readable:
            raise ArchivedError(f"{key} is archived")
        # A browser guesses how long what says nothing stays so:
        # https://www.rfc-editor.org/rfc/rfc9111.html#section-4.2.2
        given = {"ResponseCacheControl": REVALIDATED}
        if filename is not None:
            safe = re.sub(r"[^\w.-]", "_", filename, flags=re.ASCII)
            given["ResponseContentDisposition"] = f'attachment; filename="{safe}"'
        return self._presigned("GET", key, {}, **given)

    def status(self, key: str) -> ObjectStatus:
        """Whether it can be read now. Raises MissingError."""
        return status(self._found(self._s3.head_object, key))

    def request_restore(self, key: str, *, days: int = RESTORED_DAYS) -> ObjectStatus:
        """Ask for an archived object; it is no error to ask twice. Raises MissingError."""
        if self.status(key).state == "archived":
            from botocore.exceptions import ClientError

            job = {"Days": days, "GlacierJobParameters": {"Tier": "Standard"}}
            try:
                self._s3.restore_object(Bucket=self._bucket, Key=key, RestoreRequest=job)
            except ClientError as error:
                if clients.error_code(error) != "RestoreAlreadyInProgress":
                    raise
        return self.status(key)

    def delete(self, key: str) -> None:
        """Delete it, also if it is not there."""
        self._s3.delete_object(Bucket=self._bucket, Key=key)

    def _found(self, call: Callable[..., dict[str, Any]], key: str) -> dict[str, Any]:
        from botocore.exceptions import ClientError

        try:
            return call(Bucket=self._bucket, Key=key)
        except ClientError as error:
            code = clients.error_code(error)
            # HEAD has no body and so no name for it.
            if code in {"NoSuchKey", "404"}:
                raise MissingError(f"there is no {key}") from error
            if code == "InvalidObjectState":
                raise ArchivedError(f"{key} is archived") from error
            raise

    def _presigned(
        self, method: Literal["GET", "PUT"], key: str, headers: dict[str, str], **given: object
    ) -> Presigned:
        url = self._s3.generate_presigned_url(
            "get_object" if method == "GET" else "put_object",
            Params={"Bucket": self._bucket, "Key": key, **given},
            ExpiresIn=URL_SECONDS,
        )
        return Presigned(method=method, url=url, headers=headers, expires_in=URL_SECONDS)

    @cached_property
    def _s3(self) -> Any:  # noqa: ANN401
        return clients.client(
            "s3",
            seconds=CALL_SECONDS,
            signature_version="s3v4",
            # The bucket's own regional name: the site's content policy allows no other.
            s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
            # A presigned upload has no body to take a checksum of.
            request_checksum_calculation="when_required",
        )
