"""What a worker that knows API_KEY gets for it: a token that says so for a quarter of an hour."""

from dataclasses import dataclass
from functools import cache

from functions.platform_runtime import settings as platform
from functions.platform_runtime.identity import tokens
from functions.platform_runtime.requests import origin
from functions.platform_runtime.requests.api import Api
from functions.platform_runtime.responses import Body, RequestError
from functions.platform_runtime.secrets.store import Secret


@dataclass(frozen=True, kw_only=True)
class Settings(platform.ApiSettings):
    """What this function is given besides."""

    api_key_arn: str
    jwt_secret_arn: str


@cache
def settings() -> Settings:
    return platform.read(Settings)


@cache
def api_key() -> Secret:
    return Secret("API_KEY", settings().api_key_arn)


@cache
def jwt_secret() -> Secret:
    return Secret("JWT_SECRET", settings().jwt_secret_arn)


api = Api("worker", settings)


@api.operation
def create_worker_token() -> Body:
    """Exchange ``Authorization: ApiKey <API_KEY>``, the current one or the one before."""
    scheme, _, key = origin.header(api.event["headers"], "authorization").partition(" ")
    if scheme.lower() != "apikey" or not api_key().accepts(key.strip()):
        raise RequestError(
            401,
            "api_key_refused",
            "Send the key of the platform's workers.",
            headers={"www-authenticate": "ApiKey"},
        )
    return {
        "token": tokens.issue(jwt_secret().signing_keys()),
        "token_type": "Bearer",
        "expires_in": tokens.WORKER_SECONDS,
    }


handler = api.handler()
