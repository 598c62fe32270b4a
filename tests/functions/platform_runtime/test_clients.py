"""Clients of AWS on a connection of their own: what the kernel is told of it."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from functions.platform_runtime import clients

NAT_SECONDS = 350
"""https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html"""


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture
def service(monkeypatch):
    """AWS, on this machine; what of each connection to it the kernel was told."""
    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    opened = []
    connect = socket.socket.connect

    def noted(self, address):
        if address == server.server_address:
            opened.append(told(self))
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", noted)
    yield opened
    server.shutdown()
    server.server_close()


def told(connection):
    """Whether it is kept alive, and after how many quiet seconds."""
    alive = connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    return bool(alive), connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)


def test_a_call_that_may_wait_for_a_quarter_of_an_hour_keeps_its_connection_alive(service):
    clients.client("lambda", seconds=900.0, attempts=1).invoke(FunctionName="slow")

    ((alive, seconds),) = service
    assert alive
    assert seconds < NAT_SECONDS / 2


def test_a_call_that_ends_before_does_without(service):
    clients.client("lambda", seconds=5.0, attempts=1).invoke(FunctionName="quick")

    ((alive, _),) = service
    assert not alive
