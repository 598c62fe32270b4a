"""Secrets by ARN: read when first needed and kept five minutes, never in a setting or a log."""

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from secrets import token_urlsafe
from typing import Any

from functions.platform_runtime import clients
from functions.platform_runtime.kept import Kept

CALL_SECONDS = 2.0
CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"
RANDOM_BYTES = 32
KEPT_KEYS = 2
"""Signing keys kept besides the current one, so that of two rotations in a row neither ends a
token: the first key may sign for kept.FRESH_SECONDS more, and its tokens live
tokens.WORKER_SECONDS."""

Read = Callable[[Kept[str | None]], str | None]


class MissingSecretError(Exception):
    """A secret is not there, is empty, or is not what it should be."""

    def __init__(self, name: str, reason: str = "") -> None:
        super().__init__(f"Missing required secret: {name}{reason and f' ({reason})'}")


@dataclass(frozen=True, kw_only=True)
class SigningKeys:
    """Keys by id: what was signed with the one before stays valid, new things use the current."""

    current: str
    keys: Mapping[str, str] = field(repr=False)

    @classmethod
    def parse(cls, name: str, value: str) -> "SigningKeys":
        """The secret's value. Raises MissingSecretError, which does not quote it."""
        try:
            stated = json.loads(value)
            found = cls(current=stated["current"], keys=dict(stated["keys"]))
            usable = all(isinstance(key, str) and key for key in (found.current, found.key))
        except (ValueError, KeyError, TypeError):
            usable = False
        # Not "from": the JSON error quotes what it could not read.
        if not usable:
            raise MissingSecretError(name, "not a set of signing keys")
        return found

    @classmethod
    def new(cls) -> "SigningKeys":
        """A first key, for a secret that is empty."""
        return cls(current="1", keys={"1": random_text()})

    @property
    def key(self) -> str:
        """The current key."""
        return self.keys[self.current]

    def rotated(self) -> "SigningKeys":
        """With a new current key, and the last KEPT_KEYS before it."""
        newest = max((int(key_id) for key_id in self.keys if key_id.isdecimal()), default=0)
        before = [*(key_id for key_id in self.keys if key_id != self.current), self.current]
        kept = {key_id: self.keys[key_id] for key_id in before[-KEPT_KEYS:]}
        current = str(newest + 1)
        return SigningKeys(current=current, keys={**kept, current: random_text()})

    def dump(self) -> str:
        """The secret's value."""
        return json.dumps({"current": self.current, "keys": dict(self.keys)})


@dataclass(frozen=True, kw_only=True)
class Login:
    """A user and a password, in the shape RDS gives the secrets it keeps itself."""

    user: str
    password: str = field(repr=False)

    @classmethod
    def parse(cls, name: str, value: str) -> "Login":
        """The secret's value. Raises MissingSecretError, which does not quote it."""
        try:
            stated = json.loads(value)
            return cls(user=stated["username"], password=stated["password"])
        except (ValueError, KeyError, TypeError):
            # Not "from": the JSON error quotes what it could not read.
            raise MissingSecretError(name, "not a user and a password") from None

    def dump(self) -> str:
        """The secret's value."""
        return json.dumps({"username": self.user, "password": self.password})


class Secret:
    """One secret; ``name`` is what it is called in errors."""

    def __init__(self, name: str, arn: str) -> None:
        self._name, self._arn = name, arn
        self._stages: dict[str, Kept[str | None]] = {
            stage: Kept(partial(self._fetch, stage)) for stage in (CURRENT, PREVIOUS)
        }

    def value(self) -> str:
        """The current value. Raises MissingSecretError."""
        return self._current(Kept.known)

    def signing_keys(self) -> SigningKeys:
        """The value as {"current": id, "keys": {id: key}}. Raises MissingSecretError."""
        return SigningKeys.parse(self._name, self.value())

    def login(self) -> Login:
        """The value as {"username": user, "password": password}. Raises MissingSecretError."""
        return Login.parse(self._name, self.value())

    def key(self, key_id: str) -> str | None:
        """The signing key of this id, or None; one that just came is found."""
        found = self.signing_keys().keys.get(key_id)
        if found is None:
            newest = SigningKeys.parse(self._name, self._current(Kept.newest))
            found = newest.keys.get(key_id)
        return found

    def accepts(self, candidate: str) -> bool:
        """Whether it is the current value or the one before: two rotations revoke it."""
        return self._matches(candidate, Kept.known) or self._matches(candidate, Kept.newest)

    def _matches(self, candidate: str, read: Read) -> bool:
        known = (self._current(read), read(self._stages[PREVIOUS]) or "")
        given = candidate.encode(errors="replace")
        # Both are compared, so the time taken does not say which one was near.
        matches = [hmac.compare_digest(given, value.encode()) for value in known]
        return bool(candidate) and any(matches)

    def _current(self, read: Read) -> str:
        value = read(self._stages[CURRENT])
        if not value:
            raise MissingSecretError(self._name)
        return value

    def _fetch(self, stage: str) -> str | None:
        none = self._client.exceptions.ResourceNotFoundException
        deleted = self._client.exceptions.InvalidRequestException
        try:
            answer = self._client.get_secret_value(SecretId=self._arn, VersionStage=stage)
        except (none, deleted):
            return None
        return str(answer["SecretString"])

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - boto3 makes its clients' classes at run time
        return clients.client("secretsmanager", seconds=CALL_SECONDS)


class StatedSecret(Secret):
    """A secret with these values by stage: what is not current yet, as it will be read."""

    def __init__(self, name: str, values: Mapping[str, str]) -> None:
        super().__init__(name, name)
        self._stated = values

    def _fetch(self, stage: str) -> str | None:
        return self._stated.get(stage)


def random_text() -> str:
    """A secret nobody can guess, of characters that any header, shell and RDS take."""
    return token_urlsafe(RANDOM_BYTES)


@cache
def secret(name: str, arn: str) -> Secret:
    """The secret of this ARN, the same one each time."""
    return Secret(name, arn)
