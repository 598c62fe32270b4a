"""The user pool's public signing keys, fetched over HTTPS and kept a few minutes."""

import json
import time
import urllib.request
from http.client import HTTPException
from typing import Any

TIMEOUT_SECONDS = 3.0
FRESH_SECONDS = 300.0
UNKNOWN_SECONDS = 60.0
"""How often strangers with made-up key ids can have the keys fetched again."""
OUTAGE_SECONDS = 30.0
"""How long the keys in hand are used before a provider that did not answer is asked again."""
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
        self._sought = 0.0

    def keys(self) -> Keys:
        """The keys, at most five minutes old. Raises JwksError."""
        # Not the monotonic clock: it may stand still while Lambda keeps the process frozen.
        if not self._keys or time.time() - self._fetched > FRESH_SECONDS:
            self._fetch()
        return self._keys

    def key(self, key_id: str) -> dict[str, Any] | None:
        """The key of this id, or None; one that just came is found. Raises JwksError.

        Keys in hand outlive the provider's silence: users stay signed in.
        """
        try:
            self.keys()
        except JwksError:
            if self._known(key_id) is None:
                raise
            self._fetched = time.time() - FRESH_SECONDS + OUTAGE_SECONDS
        if self._known(key_id) is None and time.time() - self._sought >= UNKNOWN_SECONDS:
            self._sought = time.time()
            self._fetch()
        return self._known(key_id)

    def _known(self, key_id: str) -> dict[str, Any] | None:
        return next((key for key in self._keys if key.get("kid") == key_id), None)

    def _fetch(self) -> None:
        self._keys = fetch(self._url)
        self._fetched = time.time()


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
