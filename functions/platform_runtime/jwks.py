"""The user pool's public signing keys, fetched over HTTPS and kept a few minutes."""

import json
import time
import urllib.request
from http.client import HTTPException
from typing import Any

TIMEOUT_SECONDS = 3.0
FRESH_SECONDS = 300.0
LARGEST_BYTES = 100_000

Keys = tuple[dict[str, Any], ...]


class JwksError(Exception):
    """The identity provider did not hand out its keys."""


class Jwks:
    """The keys at one address."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: Keys = ()
        self._fetched = 0.0

    def keys(self) -> Keys:
        """The keys, at most five minutes old. Raises JwksError."""
        # Not the monotonic clock: it may stand still while Lambda keeps the process frozen.
        if not self._keys or time.time() - self._fetched > FRESH_SECONDS:
            self._keys = fetch(self._url)
            self._fetched = time.time()
        return self._keys


def fetch(url: str) -> Keys:
    """The keys as they are now. Raises JwksError."""
    try:
        # S310: the address is the stack's own setting, never a caller's.
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            keys = json.loads(answer.read(LARGEST_BYTES))["keys"]
    except (OSError, HTTPException) as error:
        raise JwksError(f"no answer: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise JwksError("the answer is not a key set") from error
    if not isinstance(keys, list) or not keys:
        raise JwksError("the key set is empty")
    return tuple(keys)
