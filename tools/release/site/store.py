"""A bucket, as releases use it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tools import ExpectedError
from tools.release.site.aws import plainly
from tools.release.site.bundle import File
from tools.release.site.content import ASKED_EACH_TIME, FOR_A_YEAR, kind

AT_ONCE = 1000
"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html"""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An object. ``md5`` is of its bytes where S3's own key encrypts it and it came in one part:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html"""

    key: str
    size: int
    written: datetime
    md5: str


class Store:
    """Writes that never change what a browser may have kept."""

    def __init__(self, client: Any, bucket: str) -> None:  # noqa: ANN401  # boto3 has no types
        self._client, self.bucket = client, bucket

    def list(self, prefix: str) -> dict[str, Stored]:
        """What is below a prefix, by key."""
        with plainly(f"listing s3://{self.bucket}/{prefix}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix
            )
            return {
                each["Key"]: Stored(
                    key=each["Key"],
                    size=each["Size"],
                    written=each["LastModified"],
                    md5=each["ETag"].strip('"'),
                )
                for page in pages
                for each in page.get("Contents", ())
            }

    def get(self, key: str) -> bytes:
        with plainly(f"reading s3://{self.bucket}/{key}"):
            body: bytes = self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            return body

    def put(self, key: str, body: bytes) -> None:
        """A file of one release."""
        self._put(key, body, CacheControl=ASKED_EACH_TIME)

    def put_asset(self, file: File) -> None:
        """A file all releases share. Raises ExpectedError if its name has other bytes already.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        """
        from botocore.exceptions import ClientError

        try:
            self._put(file.path, file.body, CacheControl=FOR_A_YEAR, IfNoneMatch="*")
        except ExpectedError as error:
            cause = error.__cause__
            refused = isinstance(cause, ClientError) and cause.response["Error"]["Code"]
            # 409 is another's write of the same name at the same moment.
            if refused not in ("PreconditionFailed", "ConditionalRequestConflict"):
                raise
            found = self.list(file.path).get(file.path)
            if found is None or not same(file, found):
                raise ExpectedError(other_bytes(file)) from error

    def put_private(self, key: str, value: object) -> None:
        """A document no address leads to."""
        self._put(key, json.dumps(value, indent=2).encode(), CacheControl=ASKED_EACH_TIME)

    def delete(self, keys: Sequence[str]) -> None:
        for some in _batches(keys):
            with plainly(f"deleting in s3://{self.bucket}"):
                answer = self._client.delete_objects(
                    Bucket=self.bucket,
                    Delete={"Objects": [{"Key": key} for key in some], "Quiet": True},
                )
            for error in answer.get("Errors", ()):
                raise ExpectedError(f"deleting {error['Key']}: {error['Code']}")

    def _put(self, key: str, body: bytes, **headers: str) -> None:
        with plainly(f"writing s3://{self.bucket}/{key}"):
            self._client.put_object(
                Bucket=self.bucket, Key=key, Body=body, ContentType=kind(key), **headers
            )


def same(file: File, stored: Stored) -> bool:
    """Whether the object has the file's bytes."""
    return hashlib.md5(file.body, usedforsecurity=False).hexdigest() == stored.md5


def other_bytes(file: File) -> str:
    return (
        f"{file.path}: a release before has other bytes under this name, which browsers keep: "
        "have the build name it after its contents"
    )


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
