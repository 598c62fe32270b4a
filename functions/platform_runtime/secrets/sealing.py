"""Sealed documents, in a stream of any length.

The first line says under which version of ENCRYPTION_KEY the document's own key is wrapped. The
rest is frames of 64 KiB, each sealed with AES-256-GCM under that key, so whoever opens it needs
bounded memory and never holds a piece that is not authentic. A frame's nonce is its number and
whether it is the last: none can be moved, left out, doubled, or cut off at the end.

    {"format":"ma-sealed-1","version":"2","purpose":"backups/...","wrapped":"<base64>"}
    (4 bytes of length, then as many of ciphertext) ...
"""

import base64
import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = "ma-sealed-1"
FRAME_BYTES = 64 * 1024
TAG_BYTES = 16
LONGEST_HEADER = 4096
LENGTH = struct.Struct(">I")
NONCE = struct.Struct(">xxxQ?")
"""Three empty bytes, the frame's number, and whether it is the last."""


class SealError(Exception):
    """What is to be opened is not what was sealed, or not under a key that is known."""


@dataclass(frozen=True, kw_only=True)
class DataKey:
    """A key for one document, which must be opened for the same ``purpose``: its S3 key, say.

    ``wrapped`` goes into the document; ``secret`` goes nowhere but to the function that seals it.
    """

    version: str
    purpose: str
    wrapped: str
    secret: bytes = field(repr=False)

    def payload(self) -> dict[str, str]:
        """As JSON, for a function that cannot reach the secret. Never to be logged."""
        return self.header() | {"secret": base64.b64encode(self.secret).decode()}

    @classmethod
    def from_payload(cls, payload: Mapping[str, str]) -> "DataKey":
        """The reverse of ``payload``."""
        return cls(
            version=payload["version"],
            purpose=payload["purpose"],
            wrapped=payload["wrapped"],
            secret=base64.b64decode(payload["secret"]),
        )

    def header(self) -> dict[str, str]:
        """What a document says about its key."""
        return {
            "format": FORMAT,
            "version": self.version,
            "purpose": self.purpose,
            "wrapped": self.wrapped,
        }


def seal(key: DataKey, plain: Iterable[bytes]) -> Iterator[bytes]:
    """Seal a stream. A data key is for one document: the nonces of a second would be the same."""
    sealer, header = cipher(key.secret), _first_line(key)
    yield header
    waiting, number = b"", 0
    for piece in plain:
        waiting += piece
        # The last frame says that it is, so one is kept back.
        while len(waiting) > FRAME_BYTES:
            frame, waiting = waiting[:FRAME_BYTES], waiting[FRAME_BYTES:]
            yield _frame(sealer, number, frame, header, last=False)
            number += 1
    yield _frame(sealer, number, waiting, header, last=True)


def unseal(key: DataKey, sealed: Iterable[bytes]) -> Iterator[bytes]:
    """Open a sealed stream, its first line included; what comes is authentic piece by piece.

    Raises SealError, at its end too if the end is missing: nothing is complete before that.
    """
    from cryptography.exceptions import InvalidTag

    header, frames = _first_line(key), _frames(sealed)
    if next(frames, b"") != header:
        raise SealError("another document's key")
    opener, number = cipher(key.secret), 0
    frame = next(frames, None)
    while frame is not None:
        following = next(frames, None)
        try:
            yield opener.decrypt(NONCE.pack(number, following is None), frame, header)
        except InvalidTag:
            raise SealError(f"frame {number} is not what was sealed") from None
        frame, number = following, number + 1
    if not number:
        raise SealError("nothing follows the first line")


def _frames(sealed: Iterable[bytes]) -> Iterator[bytes]:
    """The first line, then each frame's ciphertext."""
    waiting, expected = b"", 0
    first = True
    for piece in sealed:
        waiting += piece
        if first:
            line, newline, rest = waiting.partition(b"\n")
            if not newline:
                if len(waiting) > LONGEST_HEADER:
                    raise SealError("not a sealed document")
                continue
            first, waiting = False, rest
            yield line + newline
        while len(waiting) >= LENGTH.size:
            expected = LENGTH.unpack_from(waiting)[0]
            if expected > FRAME_BYTES + TAG_BYTES:
                raise SealError("a frame is longer than any that is sealed")
            if len(waiting) < LENGTH.size + expected:
                break
            yield waiting[LENGTH.size : LENGTH.size + expected]
            waiting = waiting[LENGTH.size + expected :]
    if first or waiting:
        raise SealError("the document ends within a frame" if not first else "not a document")


def _frame(sealer: "AESGCM", number: int, plain: bytes, header: bytes, *, last: bool) -> bytes:
    sealed = sealer.encrypt(NONCE.pack(number, last), plain, header)
    return LENGTH.pack(len(sealed)) + sealed


def _first_line(key: DataKey) -> bytes:
    return json.dumps(key.header(), separators=(",", ":")).encode() + b"\n"


def cipher(key: bytes) -> "AESGCM":
    """AES-256-GCM under a key; importing it takes 25 ms, and only who seals or opens does."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
