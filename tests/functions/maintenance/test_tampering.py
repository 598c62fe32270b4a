"""Whatever is done to a backup on its way is found, and the backup named."""

import json

import pytest

from functions.maintenance import packing
from functions.maintenance.bucket import Bucket
from functions.maintenance.document import BackupError, Document, Totals, write
from functions.maintenance.export import export
from functions.maintenance.reading import verify
from functions.platform_runtime.secrets.keyring import Keyring
from functions.platform_runtime.secrets.sealing import FRAME_BYTES, LENGTH, TAG_BYTES, SealError
from tests.functions.maintenance import rows
from tests.functions.maintenance.conftest import BUCKET, KEY

pytestmark = pytest.mark.slow

FRAME = LENGTH.size + FRAME_BYTES + TAG_BYTES


@pytest.fixture
def sealed(database, connection, bucket, key, deadline, s3):
    """A backup of several frames, as it lies in S3: its first line, and the rest."""
    rows.workspace(database)
    rows.random_experiments(database, 100)
    export(connection, bucket, key, deadline, reason="test", timestamp="2026-11-22T03:00:00Z")
    header, newline, frames = s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read().partition(b"\n")
    assert len(frames) > 3 * FRAME
    return header + newline, frames


@pytest.fixture
def verify_changed(s3, bucket, key):
    def run(content):
        s3.put_object(Bucket=BUCKET, Key=KEY, Body=content)
        return verify(bucket, key)

    return run


def flipped(frames, at):
    return frames[:at] + bytes([frames[at] ^ 1]) + frames[at + 1 :]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: flipped(f, FRAME + 1000), "frame 1 is not what was sealed"),
        (lambda f: flipped(f, len(f) - 1), "frame 3 is not what was sealed"),
        (lambda f: f[FRAME : 2 * FRAME] + f[:FRAME] + f[2 * FRAME :], "frame 0 is not"),
        (lambda f: f[:FRAME] + f[2 * FRAME :], "frame 1 is not"),
        (lambda f: f[:FRAME] + f, "frame 1 is not"),
        (lambda f: f[: 2 * FRAME], "frame 1 is not"),
        (lambda f: f[: 2 * FRAME + 7], "ends within a frame"),
        (lambda f: f + f[:FRAME], "frame 3 is not"),
        (lambda _: b"", "nothing follows the first line"),
    ],
    ids=["a bit", "the last bit", "order", "left out", "doubled", "cut", "torn", "longer", "empty"],
)
def test_what_was_done_to_its_frames_is_found(sealed, verify_changed, change, said):
    header, frames = sealed
    assert verify_changed(header + frames).counts["experiments"] == 100

    with pytest.raises(BackupError, match=f"{KEY}: .*{said}"):
        verify_changed(header + change(frames))


def test_a_key_of_another_document_does_not_open_it(sealed, verify_changed, ring):
    _, frames = sealed
    other = json.dumps(ring.data_key(KEY).header(), separators=(",", ":")).encode() + b"\n"

    with pytest.raises(BackupError, match="another document's key"):
        verify_changed(other + frames)


def test_a_keyring_without_its_version_says_so(sealed):
    header, _ = sealed
    ring = Keyring.new().rotated()
    without = Keyring(current="2", keys={"2": ring.keys["2"]})

    with pytest.raises(SealError, match="version 1 of the key, which is not kept"):
        without.data_key_of(header, KEY)


def test_another_key_of_the_same_version_does_not_open_it(sealed):
    header, _ = sealed

    with pytest.raises(SealError, match="not sealed under this version 1"):
        Keyring.new().data_key_of(header, KEY)


def test_a_backup_under_another_name_does_not_open(sealed, ring):
    header, _ = sealed

    with pytest.raises(SealError, match="not sealed"):
        ring.data_key_of(header, KEY.replace("2026", "2027"))


# Whoever has the key, or a mistake of ours, could seal what is wrong in itself.

ROWS = (b'{"id" : "1"}', b'{"id" : "2"}', b'{"id" : "3"}')


def text(*found):
    return b"".join(write({"reason": "test"}, [("simulations", found)], Totals()))


def read(content):
    document = Document([content])
    document.read()
    return document.totals.counts


def test_a_document_is_read_as_it_was_written():
    assert read(text(*ROWS)) == {"simulations": 3}
    assert read(text()) == {"simulations": 0}


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace(ROWS[1], b'{"id" : "4"}'),
        lambda t: t.replace(b"," + ROWS[1] + b"\n", b""),
        lambda t: t.replace(b"," + ROWS[1], b"," + ROWS[0]),
        lambda t: t.replace(b'"count":3', b'"count":4'),
        lambda t: t + b"\n",
        lambda t: t + b"more",
        lambda t: t[: t.index(b'"totals"')],
        lambda t: t[: t.index(b'"totals"')] + b'"totals":{}}\n',
        lambda t: t[:-3],
        lambda t: t.replace(b'"format":1', b'"format":2'),
        lambda t: t.replace(b'"simulations":[', b'"simulations" [', 1),
        lambda _: b"",
        lambda _: b"[]\n",
    ],
)
def test_one_that_does_not_hold_what_it_says_is_found(change):
    with pytest.raises(BackupError):
        read(change(text(*ROWS)))


def test_rows_that_are_doubled_do_not_cancel_each_other_out():
    one, two, three = ROWS
    changed = text(one, one, two).replace(one, three)

    with pytest.raises(BackupError, match='"count":3'):
        read(changed)


@pytest.mark.parametrize("size", [1, 2, 7, 4096])
def test_it_may_come_in_pieces_of_any_size(size):
    content = text(*ROWS)
    document = Document(content[at : at + size] for at in range(0, len(content), size))

    document.read()

    assert document.totals.counts == {"simulations": 3}


@pytest.mark.parametrize("cut", [-1, -9, 20])
def test_compressed_text_that_is_cut_is_found(cut):
    packed = b"".join(packing._compressed([text(*ROWS)]))

    with pytest.raises(BackupError):
        b"".join(packing._decompressed([packed[:cut]]))


@pytest.mark.parametrize("length", [0, 1, 2**20 - 1, 2**20, 2**20 + 1, 5 * 2**20])
def test_text_that_compresses_to_next_to_nothing_comes_in_bounded_pieces(length):
    packed = b"".join(packing._compressed([b"a" * length]))
    assert len(packed) < 2**16

    pieces = list(packing._decompressed([packed]))

    assert b"".join(pieces) == b"a" * length
    assert max(map(len, pieces), default=0) <= packing.MOST_BYTES


def test_what_follows_the_compressed_text_is_found():
    packed = b"".join(packing._compressed([text(*ROWS)]))

    with pytest.raises(BackupError, match="something follows its end"):
        b"".join(packing._decompressed([packed + b"more"]))


def test_a_bucket_is_read_by_ranges(s3):
    content = bytes(range(256)) * 80_000
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=content)

    pieces = list(Bucket(BUCKET).pieces(KEY))

    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= FRAME_BYTES
