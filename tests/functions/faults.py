"""An AWS service that fails as the services do, on this machine."""

import json
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.retries import standard

from functions.platform_runtime import clients

SHORT = {"seconds": 0.2}


@dataclass(frozen=True)
class Fault:
    """A status and the error code in the body, as JSON or, from S3, XML."""

    status: int
    code: str

    def __str__(self):
        return self.code


FAULTS = [Fault(503, "ServiceUnavailable"), Fault(400, "ThrottlingException"), None]
"""None is silence."""


class Failing(ThreadingHTTPServer):
    """Answers each request with its fault, without one never; after the first, as ``then`` says."""

    daemon_threads = True

    def __init__(self, fault):
        self.fault, self.then, self.requests, self.over = fault, None, 0, threading.Event()
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class _Answer(BaseHTTPRequestHandler):
    def _answer(self):
        self.server.requests += 1
        if self.server.fault is None:
            self.server.over.wait()
            return
        self.rfile.read(int(self.headers.get("content-length", 0)))
        fault, self.server.fault = self.server.fault, self.server.then or self.server.fault
        code = fault.code
        text = json.dumps({"__type": code, "message": "as a test says"})
        if "x-amz-target" not in self.headers:
            text = f"<Error><Code>{code}</Code><Message>as a test says</Message></Error>"
        self.send_response(fault.status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text.encode())

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_):
        pass


@contextmanager
def failing(fault):
    with Failing(fault) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def impatient(environment):
    """Clients that wait a moment for each answer; by when a call ends is tested beside."""
    made = clients.client
    environment.setattr(clients, "client", lambda name, **given: made(name, **given | SHORT))


@pytest.fixture
def away(environment):
    """From now on a service's new clients find it failing; the server that plays it.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    environment.setattr(standard.ExponentialBackoff, "delay_amount", lambda *_: 0)
    with ExitStack() as stack:

        def begin(service, fault):
            server = stack.enter_context(failing(fault))
            environment.setenv(f"AWS_ENDPOINT_URL_{service.upper()}", server.url)
            return server

        yield begin
