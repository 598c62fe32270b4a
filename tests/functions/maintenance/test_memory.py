"""Memory stays bounded: measured in a process of its own, with moto's S3 in another."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from botocore.awsrequest import AWSPreparedRequest
from moto.core.models import botocore_stubber

from tests.functions.maintenance import rows

ROOT = Path(__file__).parents[3]
MEGABYTES = 80
MOST = 36 * 1024 * 1024
"""A part of 8 MiB, once being filled, once being sent; and as much again for the allocator."""


class Forwarder(BaseHTTPRequestHandler):
    """Hands requests to moto in this process."""

    protocol_version = "HTTP/1.1"

    def forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        address = f"https://s3.amazonaws.com{self.path}"
        request = AWSPreparedRequest(self.command, address, self.headers, body, False)
        answer = botocore_stubber("before-send.s3", request)
        content = answer.raw.read()
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in {"content-length", "connection", "transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = forward  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def s3_address(s3):  # noqa: ARG001
    with ThreadingHTTPServer(("127.0.0.1", 0), Forwarder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.slow
def test_of_a_backup_no_more_than_a_few_parts_are_held(database, another, large, s3_address):
    rows.workspace(database)
    large.execute("DELETE FROM qmlab_experiments")
    for place in (large, another):
        # What Postgres would spend on its own compression is nothing that is measured here.
        place.execute("ALTER TABLE qmlab_experiments ALTER parameters SET STORAGE EXTERNAL")
    rows.random_experiments(large, MEGABYTES * 16, kilobytes=64)

    names = (found.name for found in (database, large, another))
    command = [sys.executable, "-m", "tests.functions.maintenance.memory", str(large.port)]
    done = subprocess.run(
        [*command, *names, s3_address], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    before, *peaks = told["peaks"]
    assert told["stored"] > 40_000_000
    assert [peak - before < MOST for peak in peaks] == [True, True, True], told
