"""The fan-out, the connections table, and a server that plays the WebSocket API's side of them."""

import copy
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from moto import mock_aws

from functions.fanout import app as module
from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.identity.tickets import Claims
from functions.realtime.connections import Connections
from tests.functions.conftest import Context
from tests.functions.realtime import tables

RECORD = json.loads((Path(__file__).with_name("events") / "stream_record.json").read_text())
PREFIX = "/ws/@connections/"


class Gateway(ThreadingHTTPServer):
    """Keeps what each connection was sent; ``answers`` has other statuses than 200 by connection,
    each for as many requests as it lists."""

    def __init__(self):
        self.sent, self.answers, self.lock = {}, {}, threading.Lock()
        super().__init__(("127.0.0.1", 0), _Answer)


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        assert self.path.startswith(PREFIX)
        connection = unquote(self.path.removeprefix(PREFIX))
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.server.lock:
            answers = self.server.answers.get(connection, [])
            status = answers.pop(0) if answers else 200
            if status == 200:
                self.server.sent.setdefault(connection, []).append(body)
        self.send_response(status)
        if status == 410:
            self.send_header("x-amzn-ErrorType", "GoneException")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway(environment):
    with Gateway() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        environment.setenv("CONNECTIONS_URL", f"http://127.0.0.1:{server.server_port}/ws")
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def table():
    with mock_aws():
        yield tables.create("connections")


@pytest.fixture
def listen(table):
    """Open connections that listen to topics, as the realtime function does."""

    def opened(*connections, topics=("workspace#one",), seconds=600):
        kept = Connections(table.name)
        for connection in connections:
            principal = Principal(subject="ada", kind="user")
            kept.open(connection, Claims(principal=principal, workspaces=("one", "two")))
            for topic in topics:
                kept.subscribe(connection, topic, int(time.time()) + seconds)

    return opened


@pytest.fixture
def app(fresh):
    return fresh(module)


@pytest.fixture
def record():
    """A record of the events table's stream."""

    def make(number, topic="workspace#one", name="INSERT"):
        made = copy.deepcopy(RECORD)
        made["eventID"], made["eventName"] = f"{number:032x}", name
        made["dynamodb"]["SequenceNumber"] = str(10**20 + number)
        keys = {"topic": {"S": topic}, "event_id": {"S": f"event-{number}"}}
        made["dynamodb"]["Keys"] = keys
        made["dynamodb"]["NewImage"] |= {**keys, "message": {"S": json.dumps({"id": number})}}
        if name == "REMOVE":
            del made["dynamodb"]["NewImage"]
        return made

    return make


@pytest.fixture
def stream(app):
    """Lambda hands the function a batch."""
    return lambda *records: app.handler({"Records": list(records)}, Context())
