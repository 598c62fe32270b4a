"""The user pool's public signing keys, fetched over HTTPS and kept a few minutes."""

import json
import urllib.request
from functools import partial
from http.client import HTTPException
from typing import Any

from functions.platform_runtime import deadline
from functions.platform_runtime.kept import Kept

TIMEOUT_SECONDS = 3.0
LARGEST_BYTES = 100_000

Keys = tuple[dict[str, Any], ...]


class JwksError(Exception):
    """The identity provider did not hand out its keys."""


class Jwks:
    """The keys at one address."""

    def __init__(self, url: str) -> None:
        self._kept = Kept(partial(fetch, url))

    def keys(self) -> Keys:
        """The keys, at most five minutes old. Raises JwksError."""
        return self._kept.fresh()

    def key(self, key_id: str) -> dict[str, Any] | None:
        """The key of this id, or None; one that just came is found. Raises JwksError.

        Keys in hand outlive the provider's silence: users stay signed in.
        """
        return _find(self._kept.known(), key_id) or _find(self._kept.newest(), key_id)


def _find(keys: Keys, key_id: str) -> dict[str, Any] | None:
    return next((key for key in keys if key.get("kid") == key_id), None)


def fetch(url: str) -> Keys:
    """The keys as they are now. Raises JwksError."""
    try:
        # S310: the address is the stack's own setting, never a caller's.
        with urllib.request.urlopen(url, timeout=deadline.left(TIMEOUT_SECONDS)) as answer:  # noqa: S310
            keys = json.loads(answer.read(LARGEST_BYTES))["keys"]
    except (OSError, HTTPException) as error:
        raise JwksError(f"no answer: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise JwksError("the answer is not a key set") from error
    if not isinstance(keys, list) or not keys:
        raise JwksError("the key set is empty")
    return tuple(keys)
