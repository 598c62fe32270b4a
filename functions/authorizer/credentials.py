"""What may stand in an Authorization header, and whom each kind shows."""

from collections.abc import Sequence
from functools import cached_property

from functions.platform_runtime.identity.api_keys import ApiKeys
from functions.platform_runtime.identity.jwks import Jwks
from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.identity.tokens import (
    WORKER_ALGORITHM,
    TokenError,
    UserTokens,
    WorkerTokens,
    algorithm,
)
from functions.platform_runtime.secrets.store import Secret


class RefusedError(Exception):
    """Credentials that show nobody; the message is for the log and quotes nothing of them."""


class Credentials:
    """Bearer tokens of users and of workers, and the keys of workspaces."""

    def __init__(
        self,
        *,
        jwks_url: str,
        issuer: str,
        client_ids: Sequence[str],
        jwt_secret_arn: str,
        api_keys_table: str,
    ) -> None:
        self._users = UserTokens(Jwks(jwks_url), issuer, client_ids)
        self._workers = WorkerTokens(Secret("JWT_SECRET", jwt_secret_arn))
        self._api_keys_table = api_keys_table

    def principal(self, authorization: str) -> Principal:
        """Whom a header shows. Raises RefusedError; any other error says nothing against it."""
        scheme, _, value = authorization.partition(" ")
        match scheme.lower():
            case "bearer":
                return self._bearer(value.strip())
            case "apikey":
                return self._api_key(value.strip())
        raise RefusedError("no known scheme")

    def _bearer(self, token: str) -> Principal:
        try:
            tokens = self._workers if algorithm(token) == WORKER_ALGORITHM else self._users
            return tokens.principal(token)
        except TokenError as error:
            raise RefusedError(str(error)) from None

    def _api_key(self, text: str) -> Principal:
        key = self._api_keys.find(text)
        if key is None:
            raise RefusedError("unknown or revoked key")
        return key.principal

    @cached_property
    def _api_keys(self) -> ApiKeys:
        return ApiKeys(self._api_keys_table)
