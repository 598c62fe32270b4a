"""Whom the HTTP API lets in: through the CDN, with a token or a key that somebody vouches for.

API Gateway keeps an answer five minutes for the same Authorization and X-Origin-Verify, whatever
the route: so nothing here looks at the route, and what cannot be decided is an error, which is not
kept, rather than a refusal, which is.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.authorizer.credentials import Credentials, RefusedError
from functions.platform_runtime import deadline
from functions.platform_runtime import settings as platform
from functions.platform_runtime.requests import origin
from functions.platform_runtime.responses import RequestError
from functions.platform_runtime.telemetry import log
from functions.platform_runtime.telemetry.failures import marked

REFUSED = {"isAuthorized": False}


@dataclass(frozen=True, kw_only=True)
class Settings(platform.OriginSettings):
    """What this function is given besides."""

    jwks_url: str
    token_issuer: str
    token_client_ids: tuple[str, ...]
    jwt_secret_arn: str
    api_keys_table: str


@cache
def settings() -> Settings:
    return platform.read(Settings)


@cache
def credentials() -> Credentials:
    given = settings()
    return Credentials(
        jwks_url=given.jwks_url,
        issuer=given.token_issuer,
        client_ids=given.token_client_ids,
        jwt_secret_arn=given.jwt_secret_arn,
        api_keys_table=given.api_keys_table,
    )


logger = log.logger("authorizer")


@deadline.of("authorizer")
def authorize(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
    """Answer API Gateway's request for a simple response."""
    try:
        origin.require(event["headers"], settings().origin_digests)
        principal = credentials().principal(origin.header(event["headers"], "authorization"))
    except RequestError as refusal:
        logger.info("refused", extra={"code": refusal.code})
        return REFUSED
    except RefusedError as refusal:
        logger.info("refused", extra={"code": "credentials_refused", "cause": str(refusal)})
        return REFUSED
    return {"isAuthorized": True, "context": principal.context()}


handler = marked(logger, "requestContext.requestId")(authorize)
