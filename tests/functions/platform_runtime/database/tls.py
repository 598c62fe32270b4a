"""Debian's Postgres, taking nothing but TLS: the package the other tests use knows none."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.functions import postgres

BINARIES = sorted(path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres"))
SETTINGS = """
ssl = on
ssl_cert_file = 'server.crt'
ssl_key_file = 'server.key'
"""
TLS_ALONE = "hostssl all all 127.0.0.1/32 trust\n"


@dataclass(frozen=True)
class Server:
    port: int
    root: Path


@contextmanager
def serving(user: str, name: str) -> Iterator[Server]:
    """A server whose certificate is for ``name``, and the root that vouches for it."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-tls-"))
    binaries = BINARIES[-1]
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, postgres.UNPRIVILEGED)
        options = (
            "-D",
            "data",
            "-U",
            user,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        )
        postgres._run(folder, binaries / "initdb", *options)
        root = _certify(folder / "data", name)
        with (folder / "data/postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        (folder / "data/pg_hba.conf").write_text(TLS_ALONE)
        port = postgres._free_port()
        with postgres._started(folder, binaries, port):
            yield Server(port, root)
    finally:
        shutil.rmtree(folder)


def _certify(data: Path, name: str) -> Path:
    """Put the server's certificate and key into its folder; returns the root's certificate."""
    ours, servers = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate("The test's root", "The test's root", ours, ours)
    server = _certificate(name, "The test's root", servers, ours)
    written = {
        "root.crt": root.public_bytes(serialization.Encoding.PEM),
        "server.crt": server.public_bytes(serialization.Encoding.PEM),
        "server.key": servers.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    }
    owner = data.stat()
    for file, content in written.items():
        path = data.parent / file if file == "root.crt" else data / file
        path.touch(mode=0o600)
        path.write_bytes(content)
        os.chown(path, owner.st_uid, owner.st_gid)
    return data.parent / "root.crt"


def _certificate(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    """For an hour; one that its own key signs is an authority."""
    now, authority = datetime.now(UTC), key is signer
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
        .sign(signer, hashes.SHA256())
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
