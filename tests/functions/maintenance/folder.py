"""A bucket that is a folder, where S3's own time and memory are not to be measured."""

import re
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from functions.maintenance.bucket import Bucket


class Folder(Bucket):
    """Its name is a folder's path; what is there already is written over."""

    def exists(self, key: str) -> bool:  # noqa: ARG002
        return False

    @cached_property
    def _s3(self) -> Any:
        return _Files(Path(self._name))


class _Files:
    """As much of S3 as an export and a restore ask of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create_multipart_upload(self, **asked: Any) -> dict[str, str]:
        self._file(asked).unlink(missing_ok=True)
        return {"UploadId": "1"}

    def upload_part(self, **asked: Any) -> dict[str, str]:
        with self._file(asked).open("ab") as file:
            file.write(asked["Body"])
        return {"ETag": "1", "ChecksumCRC32": "1"}

    def complete_multipart_upload(self, **_: object) -> None:
        pass

    def get_object(self, **asked: Any) -> dict[str, Any]:
        start, end = map(int, re.findall(r"\d+", asked["Range"]))
        with self._file(asked).open("rb") as file:
            file.seek(start)
            content = file.read(end + 1 - start)
        told = f"bytes {start}-{end}/{self._file(asked).stat().st_size}"
        return {"ETag": "1", "ContentRange": told, "Body": BytesIO(content)}

    def _file(self, asked: dict[str, Any]) -> Path:
        return self._folder / asked["Key"].replace("/", "_")
