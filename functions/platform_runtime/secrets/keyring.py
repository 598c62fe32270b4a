"""The versions of ENCRYPTION_KEY: the newest seals, and each one opens what it has sealed.

The secret's value is {"current": "2", "keys": {"1": "<key>", "2": "<key>"}}. It is never replaced,
only added to, for what was sealed under a key that is gone is gone too. Needs the package
``cryptography``.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from functions.platform_runtime.secrets.sealing import (
    FORMAT,
    DataKey,
    SealError,
    cipher,
    seal,
    unseal,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["DataKey", "Keyring", "SealError", "seal", "unseal"]

KEY_BYTES = 32
NONCE_BYTES = 12
WRAPPING = b"ma-platform data key"


@dataclass(frozen=True, kw_only=True)
class Keyring:
    """Keys by version, which count from 1."""

    current: str
    keys: Mapping[str, str] = field(repr=False)

    @classmethod
    def parse(cls, value: str) -> "Keyring":
        """The secret's value. Raises SealError, which does not quote it."""
        try:
            stated = json.loads(value)
            ring = cls(current=stated["current"], keys=dict(stated["keys"]))
            usable = all(
                len(base64.b64decode(key, validate=True)) >= KEY_BYTES for key in ring.keys.values()
            )
            usable = usable and ring.current in ring.keys
        except (ValueError, KeyError, TypeError):
            usable = False
        if not usable:
            raise SealError("the secret is not a keyring")
        return ring

    @classmethod
    def new(cls) -> "Keyring":
        """A keyring of one key, for a secret that is empty."""
        return cls(current="1", keys={"1": _new_key()})

    def rotated(self) -> "Keyring":
        """With one more key, under which all is sealed from now on."""
        version = str(max(map(int, self.keys)) + 1)
        return Keyring(current=version, keys={**self.keys, version: _new_key()})

    def dump(self) -> str:
        """The secret's value."""
        return json.dumps({"current": self.current, "keys": dict(self.keys)})

    def data_key(self, purpose: str) -> DataKey:
        """A new key for one document, which opens for this ``purpose`` only: its S3 key, say."""
        secret, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
        bound = _bound(self.current, purpose)
        sealed = self._wrapper(self.current).encrypt(nonce, secret, bound)
        wrapped = base64.b64encode(nonce + sealed).decode()
        return DataKey(version=self.current, purpose=purpose, wrapped=wrapped, secret=secret)

    def data_key_of(self, first_line: bytes, purpose: str) -> DataKey:
        """The key of a sealed document, from its first line. Raises SealError."""
        from cryptography.exceptions import InvalidTag

        header = _header(first_line)
        version = header["version"]
        if version not in self.keys:
            raise SealError(f"sealed under version {version} of the key, which is not kept")
        try:
            packed = base64.b64decode(header["wrapped"], validate=True)
            nonce, sealed = packed[:NONCE_BYTES], packed[NONCE_BYTES:]
            secret = self._wrapper(version).decrypt(nonce, sealed, _bound(version, purpose))
        except (InvalidTag, ValueError):
            raise SealError(
                f"not sealed under this version {version}, or not as {purpose}"
            ) from None
        return DataKey(version=version, purpose=purpose, wrapped=header["wrapped"], secret=secret)

    def _wrapper(self, version: str) -> "AESGCM":
        """The cipher of data keys: HKDF of one block, https://datatracker.ietf.org/doc/html/rfc5869"""
        seed = hmac.digest(bytes(KEY_BYTES), base64.b64decode(self.keys[version]), hashlib.sha256)
        return cipher(hmac.digest(seed, WRAPPING + b"\x01", hashlib.sha256))


def _new_key() -> str:
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _header(first_line: bytes) -> dict[str, str]:
    try:
        header = json.loads(first_line)
        known = header["format"] == FORMAT
        texts = all(isinstance(header[name], str) for name in ("version", "purpose", "wrapped"))
    except (ValueError, KeyError, TypeError):
        known = texts = False
    if not (known and texts):
        raise SealError("not a sealed document")
    return dict(header)


def _bound(version: str, purpose: str) -> bytes:
    return json.dumps([FORMAT, version, purpose]).encode()
