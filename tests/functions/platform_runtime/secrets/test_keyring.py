"""The keyring and what it seals: opens whole and unchanged under its own version, or not at all."""

import json

import pytest

from functions.platform_runtime.secrets.keyring import DataKey, Keyring, SealError, seal, unseal

PURPOSE = "backups/2026-11-22T03-00-00Z/full-backup.json"


@pytest.fixture(scope="module")
def ring():
    return Keyring.new()


def sealed(ring, plain, purpose=PURPOSE):
    return b"".join(seal(ring.data_key(purpose), [plain]))


def opened(ring, document, purpose=PURPOSE, piece=10_000):
    key = ring.data_key_of(document.partition(b"\n")[0], purpose)
    pieces = (document[at : at + piece] for at in range(0, len(document), piece))
    return b"".join(unseal(key, pieces))


def test_the_first_line_says_what_it_takes_to_open_it_and_no_secret(ring):
    key = ring.data_key(PURPOSE)
    header = json.loads(next(seal(key, [])))

    assert header == {
        "format": "ma-sealed-1",
        "version": "1",
        "purpose": PURPOSE,
        "wrapped": key.wrapped,
    }
    assert key.secret not in json.dumps(header).encode()
    assert "secret" not in repr(key)
    assert "keys" not in repr(ring)


def test_after_a_rotation_the_new_version_seals_and_the_old_one_opens(ring):
    old = sealed(ring, b"old")
    rotated = Keyring.parse(ring.rotated().dump())
    new = sealed(rotated, b"new")

    assert json.loads(new.partition(b"\n")[0])["version"] == "2"
    assert (opened(rotated, old), opened(rotated, new)) == (b"old", b"new")
    with pytest.raises(SealError, match="under version 2 of the key, which is not kept"):
        opened(ring, new)


def test_versions_go_on_counting():
    ring = Keyring.new()
    for _ in range(11):
        ring = ring.rotated()
    assert ring.current == "12"
    assert set(ring.keys) == {str(n) for n in range(1, 13)}
    assert len(set(ring.keys.values())) == 12


def test_another_keyring_of_the_same_version_opens_nothing(ring):
    with pytest.raises(SealError, match="not sealed under this version 1"):
        opened(Keyring.new(), sealed(ring, b"x"))


def test_a_document_moved_to_another_place_does_not_open(ring):
    with pytest.raises(SealError, match="or not as backups/elsewhere"):
        opened(ring, sealed(ring, b"x"), "backups/elsewhere")


def test_every_document_has_a_key_of_its_own(ring):
    assert ring.data_key(PURPOSE).secret != ring.data_key(PURPOSE).secret
    assert sealed(ring, b"x") != sealed(ring, b"x")


def test_a_key_travels_as_json_to_a_function_that_cannot_reach_the_secret(ring):
    key = ring.data_key(PURPOSE)
    there = DataKey.from_payload(json.loads(json.dumps(key.payload())))

    assert there == key
    assert opened(ring, b"".join(seal(there, [b"sealed there"]))) == b"sealed there"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b'{"format":"ma-sealed-2","version":"1","purpose":"","wrapped":""}',
        b'{"format":"ma-sealed-1","version":1,"purpose":"","wrapped":""}',
    ],
)
def test_what_is_no_sealed_document_is_said_to_be_none(ring, line):
    with pytest.raises(SealError, match="not a sealed document"):
        ring.data_key_of(line, PURPOSE)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "null",
        "{}",
        '{"current": "2", "keys": {"1": "%s"}}' % ("A" * 44),
        '{"current": "1", "keys": {"1": "c2hvcnQ="}}',
        '{"current": "1", "keys": {"1": "hunter2"}}',
        '{"current": "1", "keys": {"1": 5}}',
    ],
)
def test_a_secret_that_is_no_keyring_is_not_quoted(value):
    with pytest.raises(SealError, match=r"^the secret is not a keyring$") as caught:
        Keyring.parse(value)
    assert caught.value.__cause__ is None
