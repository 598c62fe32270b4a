"""Bearer tokens: the user pool's access tokens, and those of the platform's own workers.

Each kind is checked with its own algorithm and its own keys, whatever a token says of itself.
"""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jwt

from functions.platform_runtime.identity.jwks import Jwks
from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.secrets.store import Secret, SigningKeys

if TYPE_CHECKING:
    from jwt.types import Options

WORKER = "worker"
WORKER_ISSUER = "ma-platform/worker"
WORKER_ALGORITHM = "HS256"
WORKER_SECONDS = 900
"""A rotation of JWT_SECRET keeps the key before for at least as long."""
USER_ALGORITHM = "RS256"

# A clock a second behind the issuer's must not refuse a new token: the refusal would be cached.
OPTIONS: "Options" = {
    "require": ["exp", "iss", "sub"],
    "verify_iat": False,
    "verify_aud": False,
}


Key = jwt.PyJWK | str


class TokenError(Exception):
    """A token nobody vouches for; the message is for the log and quotes nothing of the token."""


class UserTokens:
    """Access tokens of one user pool."""

    def __init__(self, jwks: Jwks, issuer: str, client_ids: Sequence[str]) -> None:
        self._jwks, self._issuer, self._client_ids = jwks, issuer, client_ids

    def principal(self, token: str) -> Principal:
        """The user it was given to. Raises TokenError, or JwksError if that cannot be told."""
        key = self._jwks.key(_key_id(token))
        if key is None:
            raise TokenError("unknown key")
        claims = _claims(token, jwt.PyJWK(key, USER_ALGORITHM), USER_ALGORITHM, self._issuer)
        if claims.get("token_use") != "access":
            raise TokenError("not an access token")
        if claims.get("client_id") not in self._client_ids:
            raise TokenError("another application's token")
        return Principal(subject=claims["sub"], kind="user", expires=int(claims["exp"]))


class WorkerTokens:
    """Tokens signed with a key of JWT_SECRET, named by its id."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def principal(self, token: str) -> Principal:
        """The worker it was given to. Raises TokenError, or MissingSecretError."""
        key = self._secret.key(_key_id(token))
        if key is None:
            raise TokenError("unknown key")
        claims = _claims(token, key, WORKER_ALGORITHM, WORKER_ISSUER)
        return Principal(subject=claims["sub"], kind="worker", expires=int(claims["exp"]))


def issue(keys: SigningKeys) -> str:
    """A worker's token under the current key."""
    now = int(time.time())
    claims = {"iss": WORKER_ISSUER, "sub": WORKER, "iat": now, "exp": now + WORKER_SECONDS}
    return jwt.encode(claims, keys.key, WORKER_ALGORITHM, headers={"kid": keys.current})


def algorithm(token: str) -> str:
    """What a token says it is signed with: which kind it claims to be. Raises TokenError."""
    return str(_header(token).get("alg"))


def _claims(token: str, key: Key, algorithm: str, issuer: str) -> dict[str, Any]:
    try:
        return jwt.decode(token, key, [algorithm], OPTIONS, issuer=issuer)
    except jwt.InvalidTokenError as error:
        raise TokenError(type(error).__name__) from None


def _key_id(token: str) -> str:
    return str(_header(token).get("kid"))


def _header(token: str) -> dict[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise TokenError(type(error).__name__) from None
