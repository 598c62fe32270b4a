"""`smoke` against a real server over TLS: only what the health functions answer is well."""

import datetime
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.graph.test_readers import EXPORT
from tests.tools.test_cli import tools as tools
from tests.tools.test_cli_gate import pulumi as pulumi
from tools.release import smoke

WELL = {
    "/api/health": {"status": "ok", "latency_ms": 1.5, "environment": "x", "version": "3"},
    "/api/health/db": {"status": "ok", "latency_ms": 2.5, "readers": []},
    "/api/health/auth": {"status": "ok", "latency_ms": 3.5, "keys": 2},
}
"""As the functions answer: functions/health/app.py and functions/health_auth/app.py."""
DOWN = {"status": "unavailable", "latency_ms": 9, "error": {"code": "database_unavailable"}}
PAGE = (200, "text/html", b"<!doctype html><title>MA Platform</title>")


def said(status: int, body: object) -> tuple[int, str, bytes]:
    return status, "application/json", json.dumps(body).encode()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of 127.0.0.1, by itself: trusted by who is told so."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def platform(certificate, monkeypatch):
    """A server whose answers are by path, the last of each for ever; its address and what it was
    asked."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(smoke, "EVERY_SECONDS", 0.05)
    answers = {path: [said(200, body)] for path, body in WELL.items()}
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            several = answers[self.path]
            status, kind, body = several.pop(0) if len(several) > 1 else several[0]
            if status == 0:
                time.sleep(3)
                return
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("location", "/api/health")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}", answers, asked
    server.shutdown()
    server.server_close()


def lines(url: str, seconds: float = 0) -> list[str]:
    return [each.line for each in smoke.check(url, seconds=seconds)]


def test_all_three_endpoints_of_the_contract_are_asked_once_where_they_are_well(platform):
    url, _, asked = platform

    assert lines(url) == [
        "ok     /api/health: ok in 1.5 ms",
        "ok     /api/health/db: ok in 2.5 ms",
        "ok     /api/health/auth: ok in 3.5 ms",
    ]
    assert asked == list(WELL)


def test_what_is_not_well_yet_is_asked_again_and_the_others_are_not(platform):
    url, answers, asked = platform
    answers["/api/health/db"] = [said(503, DOWN), PAGE, said(200, WELL["/api/health/db"])]

    assert lines(url, 30)[1] == "ok     /api/health/db: ok in 2.5 ms when asked 3 times"
    assert asked.count("/api/health/db") == 3
    assert asked.count("/api/health") == asked.count("/api/health/auth") == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (said(503, DOWN), "503, database_unavailable"),
        # The site's page, with which a CDN may answer for whatever it does not find.
        (PAGE, "200, no health answer but text/html"),
        (said(200, {"status": "unavailable"}), "200, unavailable"),
        (said(200, ["ok"]), "200, no health answer but application/json"),
        (said(404, {"error": {"code": "not_found"}}), "404, not_found"),
        (said(403, {"error": "no"}), "403, no health answer but application/json"),
        ((302, "text/html", b""), "302, no health answer but text/html"),
        (
            (200, "application/json", b'{"status": "ok"'),
            "200, no health answer but application/json",
        ),
    ],
)
def test_any_other_answer_fails_and_says_what_it_was(platform, answer, why):
    url, answers, _ = platform
    answers["/api/health/auth"] = [answer]

    assert lines(url)[2] == f"fails  /api/health/auth: {why}"


def test_who_does_not_answer_is_given_up_on(platform, monkeypatch):
    url, answers, _ = platform
    monkeypatch.setattr(smoke, "PATIENCE_SECONDS", 0.3)
    answers["/api/health"] = [(0, "", b"")]
    started = time.monotonic()
    found = lines(url)

    assert time.monotonic() - started < 2.5
    assert found[0].startswith("fails  /api/health: ")
    assert "timed out" in found[0]


def test_a_server_that_cannot_prove_who_it_is_is_not_well(platform, monkeypatch):
    url, _, asked = platform
    monkeypatch.delenv("SSL_CERT_FILE")

    assert all("certificate verify failed" in line for line in lines(url))
    assert asked == []


def test_nobody_there_is_said():
    assert all(line.startswith("fails") for line in lines("https://127.0.0.1:9"))


def test_the_command_ends_with_one_where_one_is_not_well(tools, platform):
    url, answers, _ = platform
    assert tools("smoke", "dev", "--url", url)[0] == 0

    answers["/api/health/db"] = [said(503, DOWN)]
    status, out, err = tools("smoke", "dev", "--url", url, "--timeout", "0.2", "--json")
    found = json.loads(out)

    assert (status, found["ok"], found["url"]) == (1, False, url)
    assert [(each["path"], each["ok"]) for each in found["answers"]] == [
        ("/api/health", True),
        ("/api/health/db", False),
        ("/api/health/auth", True),
    ]
    assert err.startswith("/api/health/db: 503, database_unavailable; asked again\n")


def test_unsaid_the_address_is_what_the_stack_exports(tools, pulumi, platform):
    url, _, asked = platform

    def export(address):
        text = EXPORT.read_text().replace('"api_url": "https:', '"url": "https:')
        return (text.replace("https://d6f0b2a59cfc0d.cloudfront.net/api", address), "", 0)

    pulumi(export=export(url))
    assert tools("smoke", "dev")[0] == 0
    assert asked == list(WELL)
    pulumi()
    assert tools("smoke", "dev") == (
        2,
        "",
        "error: dev exports no url: deploy it first, or say --url\n",
    )


def test_an_address_that_is_no_sites_is_refused(tools):
    assert tools("smoke", "dev", "--url", "http://127.0.0.1") == (
        2,
        "",
        "error: http://127.0.0.1: not the public address of a site, which begins with https://\n",
    )
