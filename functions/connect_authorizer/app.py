"""Whom the WebSocket API lets connect: through the CDN, from our site, with an unused ticket.

A refusal is a policy that denies: the browser sees a failed handshake, the log says why.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.platform_runtime import deadline
from functions.platform_runtime import settings as platform
from functions.platform_runtime.identity.tickets import Claims, Tickets
from functions.platform_runtime.requests import origin
from functions.platform_runtime.responses import RequestError
from functions.platform_runtime.telemetry import log
from functions.platform_runtime.telemetry.failures import marked

NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True)
class Settings(platform.OriginSettings):
    """What this function is given besides."""

    allowed_origins: tuple[str, ...]
    tickets_table: str


@cache
def settings() -> Settings:
    return platform.read(Settings)


@cache
def tickets() -> Tickets:
    return Tickets(settings().tickets_table)


logger = log.logger("connect_authorizer")


@deadline.of("connect_authorizer")
def authorize(event: dict[str, Any], _: LambdaContext) -> dict[str, Any]:
    """Answer API Gateway's request for a policy."""
    try:
        claims = admit(event)
    except RequestError as refusal:
        logger.info("refused", extra={"code": refusal.code})
        return policy("Deny", event["methodArn"], NOBODY, {})
    return policy("Allow", event["methodArn"], claims.principal.subject, claims.context())


def admit(event: dict[str, Any]) -> Claims:
    """What the ticket stands for, which is used up. Raises RequestError."""
    origin.require(event["headers"], settings().origin_digests)
    # Browsers let any site open a WebSocket to any other; only this header says which one did.
    if origin.header(event["headers"], "origin") not in settings().allowed_origins:
        raise RequestError(403, "web_origin_refused", "This site may not connect to the platform.")
    ticket = (event.get("queryStringParameters") or {}).get("ticket")
    if not ticket:
        raise RequestError(403, "ticket_required", "Connections are opened with a ticket.")
    claims = tickets().redeem(ticket)
    if claims is None or claims.principal.expired:
        raise RequestError(403, "ticket_refused", "The ticket is unknown, used or late.")
    return claims


def policy(effect: str, resource: str, subject: str, context: dict[str, str]) -> dict[str, Any]:
    """The answer; its context reaches $connect."""
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {
        "principalId": subject,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }


handler = marked(logger, "requestContext.connectionId")(authorize)
