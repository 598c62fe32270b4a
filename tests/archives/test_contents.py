"""What is made of a file: once while it stays, anew when anything may have changed it."""

import os
import time

import pytest

from archives import archive, contents
from contract.functions import FUNCTIONS

TICK = 0.05
"""More than the time of a file takes to move on."""


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"one")
    return file


@pytest.fixture
def settled(monkeypatch):
    """Files are old enough to be remembered as soon as they are there."""
    monkeypatch.setattr(contents, "SETTLED", -1)


def reader():
    """Something to make of contents, which remembers what it was given."""
    given = []

    def make(content):
        given.append(content)
        return content.decode()

    return make, given


@pytest.mark.usefixtures("settled")
def test_it_is_made_once_for_all_who_ask(file):
    make, given = reader()

    assert [contents.made(file, make) for _ in range(3)] == ["one"] * 3
    assert given == [b"one"]


@pytest.mark.usefixtures("settled")
def test_two_things_are_made_of_one_file(file):
    assert (contents.made(file, bytes.decode), contents.made(file, len)) == ("one", 3)


@pytest.mark.usefixtures("settled")
def test_a_change_is_seen_even_if_size_and_time_are_put_back(file):
    make, given = reader()
    contents.made(file, make)
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    time.sleep(TICK)
    file.write_bytes(b"two")
    os.utime(file, ns=times)

    assert contents.made(file, make) == "two"
    assert given == [b"one", b"two"]


def test_what_has_just_changed_is_not_remembered(file):
    make, given = reader()
    contents.made(file, make)
    contents.made(file, make)

    assert given == [b"one", b"one"]


@pytest.mark.usefixtures("settled")
def test_what_functions_share_is_read_once(repository, monkeypatch):
    root, given = repository().root, []
    fingerprint, read = archive._fingerprint, archive.lock.read
    monkeypatch.setattr(archive, "_fingerprint", lambda c: given.append(c) or fingerprint(c))
    monkeypatch.setattr(archive.lock, "read", lambda c: given.append(c) or read(c))
    for function in FUNCTIONS.values():
        archive.digest(function, root)

    shared = [(root / name).read_bytes() for name in ("uv.lock", "contract/routes.py")]
    assert [given.count(content) for content in shared] == [1, 1]
