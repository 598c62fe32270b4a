"""What browsers move themselves: what was signed and nothing else."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.platform_runtime.objects.storage import (
    Storage,
    TooLargeError,
)
from tests.functions.platform_runtime.conftest import BUCKET

KEY = "objects/w/simcore/1/payload"


@pytest.fixture
def objects(s3):  # noqa: ARG001
    return Storage(BUCKET)


def test_an_upload_is_signed_for_its_length_type_and_compression(objects):
    signed = objects.upload(KEY, size=1234, most_bytes=2000, compressed=True)

    url = urlsplit(signed.url)
    query = parse_qs(url.query)
    assert (signed.method, url.netloc) == ("PUT", f"{BUCKET}.s3.us-east-1.amazonaws.com")
    assert url.path == f"/{KEY}"
    assert signed.headers == {
        "content-type": "application/json",
        "content-encoding": "gzip",
        "x-amz-meta-compressed": "true",
    }
    # The browser adds host and length itself; nothing else may be signed that it does not send.
    assert query["X-Amz-SignedHeaders"] == [
        ";".join(sorted({*signed.headers, "content-length", "host"}))
    ]
    assert query["X-Amz-Expires"] == ["900"] == [str(signed.expires_in)]
    assert "checksum" not in url.query.lower()


def test_another_length_is_another_signature(objects, monkeypatch):
    monkeypatch.setattr(
        "botocore.auth.get_current_datetime",
        lambda *_: datetime(2026, 11, 22),
    )
    signatures = {
        parse_qs(urlsplit(objects.upload(KEY, size=size, most_bytes=2000).url).query)[
            "X-Amz-Signature"
        ][0]
        for size in (10, 10, 11)
    }
    assert len(signatures) == 2


def test_an_upload_beyond_the_limit_is_not_signed(objects):
    with pytest.raises(TooLargeError, match="2001 bytes are more than 2000"):
        objects.upload(KEY, size=2001, most_bytes=2000)


def test_a_url_names_the_bucket_in_the_stacks_own_region(environment):
    environment.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    signed = Storage(BUCKET).upload(KEY, size=1, most_bytes=2)
    assert urlsplit(signed.url).netloc == f"{BUCKET}.s3.eu-west-1.amazonaws.com"


def test_a_download_is_a_url_and_its_file_name_cannot_add_a_header(objects):
    objects.store_compressed(KEY, {"a": 1})

    signed = objects.download(KEY, filename='r "1"\r\nx: y.json')
    query = parse_qs(urlsplit(signed.url).query)
    assert (signed.method, signed.headers) == ("GET", {})
    assert query["response-content-disposition"] == ['attachment; filename="r__1___x__y.json"']
