"""A backup's text, compressed and then sealed, and the way back; never more than a few pieces."""

import zlib
from collections.abc import Generator, Iterable, Iterator

from functions.maintenance.document import BackupError
from functions.platform_runtime.secrets.sealing import DataKey, SealError, seal, unseal

LEVEL = 1
"""gzip's own 6 takes four times as long for a tenth less."""
GZIP = 31
"""zlib's word for gzip's header and checksum."""
MOST_BYTES = 1024 * 1024
"""Unpacked at a time: a few kilobytes may hold gigabytes."""


def pack(key: DataKey, text: Iterable[bytes]) -> Generator[bytes]:
    """Compress, then seal: what is sealed no longer compresses."""
    yield from seal(key, _compressed(text))


def unpack(key: DataKey, packed: Iterable[bytes]) -> Iterator[bytes]:
    """Each piece is authentic when it comes, the whole only at the end. Raises BackupError."""
    try:
        yield from _decompressed(unseal(key, packed))
    except SealError as error:
        raise BackupError(str(error)) from error


def _compressed(text: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    for piece in text:
        yield packer.compress(piece)
    yield packer.flush()


def _decompressed(packed: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(GZIP)
    for piece in packed:
        waiting = piece
        while waiting:
            try:
                yield unpacker.decompress(waiting, MOST_BYTES)
            except zlib.error as error:
                raise BackupError(f"not compressed as it should be: {error}") from error
            waiting = unpacker.unconsumed_tail
        if unpacker.unused_data:
            raise BackupError("something follows its end")
    if not unpacker.eof:
        raise BackupError("it ends too early")
