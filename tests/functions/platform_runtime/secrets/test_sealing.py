"""Sealed streams: whole and in order, or not at all."""

import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.platform_runtime.secrets.keyring import Keyring, SealError, seal, unseal
from functions.platform_runtime.secrets.sealing import FRAME_BYTES

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


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    pieces=st.lists(st.binary(max_size=300) | st.just(b"x" * FRAME_BYTES), max_size=5),
    piece=st.integers(1, 200_000),
)
def test_whatever_is_sealed_opens_however_it_is_cut(pieces, piece):
    ring = Keyring.new()
    document = b"".join(seal(ring.data_key(PURPOSE), pieces))

    assert opened(ring, document, piece=max(piece, len(document) // 1000)) == b"".join(pieces)


@pytest.mark.parametrize(
    "size", [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 3 * FRAME_BYTES]
)
def test_a_document_of_any_length_opens(ring, size):
    assert opened(ring, sealed(ring, b"a" * size)) == b"a" * size


def frames(document):
    """The first line and each frame, its length included."""
    line, _, rest = document.partition(b"\n")
    parts = [line + b"\n"]
    while rest:
        size = 4 + int.from_bytes(rest[:4], "big")
        parts.append(rest[:size])
        rest = rest[size:]
    return parts


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda f: f[:-1], "is not what was sealed"),
        (lambda f: f[:1], "nothing follows"),
        (lambda f: [*f[:-1], f[-1][:-1]], "ends within a frame"),
        (lambda f: [*f, b"\0\0"], "ends within a frame"),
        (lambda f: [f[0], f[2], f[1], f[3]], "frame 0 is not"),
        (lambda f: [*f[:2], *f[1:]], "frame 1 is not"),
        (lambda f: [f[0], *f[2:]], "frame 0 is not"),
        (lambda f: [*f, f[-1]], "frame 2 is not"),
        (lambda f: [f[0], f[1][:99] + b"!" + f[1][100:], *f[2:]], "frame 0 is not"),
        (lambda f: [f[0], b"\xff\xff\xff\xff", *f[2:]], "longer than any"),
    ],
)
def test_a_document_that_was_changed_does_not_open(ring, change, problem):
    document = sealed(ring, bytes(range(256)) * 600)
    assert len(frames(document)) == 4

    with pytest.raises(SealError, match=problem):
        opened(ring, b"".join(change(frames(document))))


def test_another_documents_first_line_does_not_open_it(ring):
    one, other = sealed(ring, b"one"), sealed(ring, b"other")
    key = ring.data_key_of(frames(one)[0], PURPOSE)

    with pytest.raises(SealError, match="another document's key"):
        list(unseal(key, [other]))
    with pytest.raises(SealError, match="frame 0"):
        list(unseal(key, [frames(one)[0] + frames(other)[1]]))


def test_a_wrapped_key_that_was_changed_does_not_open(ring):
    header = json.loads(frames(sealed(ring, b"x"))[0])
    for wrapped in ("", "AAAA", "no base64", header["wrapped"][:-8] + "AAAAAAAA"):
        line = json.dumps(header | {"wrapped": wrapped}).encode()
        with pytest.raises(SealError, match="not sealed under"):
            ring.data_key_of(line, PURPOSE)


def test_a_stream_of_any_length_takes_bounded_memory(ring):
    key = ring.data_key(PURPOSE)
    total, piece = 0, b"0123456789abcdef" * 4096
    tracemalloc.start()
    for opened_piece in unseal(key, seal(key, (piece for _ in range(500)))):
        total += len(opened_piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert total == 500 * len(piece)
    assert peak < 2_000_000
