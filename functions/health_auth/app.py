"""Whether the identity provider hands out its signing keys; a function in the VPC cannot ask."""

from dataclasses import dataclass
from functools import cache

from functions.platform_runtime import settings as platform
from functions.platform_runtime.identity.jwks import Jwks, JwksError
from functions.platform_runtime.requests.api import Api
from functions.platform_runtime.requests.outages import IDENTITY
from functions.platform_runtime.responses import Body


@dataclass(frozen=True, kw_only=True)
class Settings(platform.ApiSettings):
    """What this function is given besides."""

    jwks_url: str


@cache
def settings() -> Settings:
    return platform.read(Settings)


@cache
def jwks() -> Jwks:
    return Jwks(settings().jwks_url)


api = Api("health_auth", settings)


@api.operation
def get_identity_health() -> Body:
    """The user pool's keys can be had, so tokens can be checked."""
    try:
        keys = jwks().keys()
    except JwksError as error:
        api.logger.error("identity provider unavailable", extra={"cause": str(error)})
        beside = {"status": "unavailable", "latency_ms": api.latency_ms}
        raise IDENTITY.refusal(beside) from None
    return {"status": "ok", "latency_ms": api.latency_ms, "keys": len(keys)}


handler = api.handler()
