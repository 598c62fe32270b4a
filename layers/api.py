"""The APIs: they exist before the CDN in front of them, and the functions behind know both."""

from dataclasses import dataclass

from components.api.http_api import HttpApi, HttpApiArgs
from components.api.log_role import ApiLogRole, ApiLogRoleArgs
from components.api.websocket_api import WebSocketApi, WebSocketApiArgs
from contract.routes import ROUTES
from layers.base import Base
from layers.security import Security


@dataclass(frozen=True, kw_only=True)
class Api:
    """``websocket`` is there where the environment offers realtime."""

    http: HttpApi
    websocket: WebSocketApi | None


def declare(base: Base, security: Security) -> Api:
    """Closed until the functions are there to serve them."""
    config = base.config
    log_role = (
        ApiLogRole(
            "api-logs", ApiLogRoleArgs(account_id=base.account_id, region=base.region), base.opts
        )
        if config.account.owner
        else None
    )
    http = HttpApi(
        "http",
        HttpApiArgs(
            config=config.api,
            logs=config.logs,
            key_arn=security.key.arn,
            origins=config.origins,
            routes=[route for route in ROUTES if base.realtime or not route.realtime],
        ),
        base.opts,
    )
    return Api(http=http, websocket=_websocket(base, security, log_role) if base.realtime else None)


def _websocket(base: Base, security: Security, log_role: ApiLogRole | None) -> WebSocketApi:
    return WebSocketApi(
        "websocket",
        WebSocketApiArgs(
            config=base.config.api,
            logs=base.config.logs,
            key_arn=security.key.arn,
            log_account=log_role.account if log_role else None,
        ),
        base.opts,
    )
