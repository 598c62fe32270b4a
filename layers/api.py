"""The APIs: they exist before the CDN in front of them, and the functions behind know both."""

from dataclasses import dataclass

from components.api.http_api import HttpApi, HttpApiArgs
from components.api.log_role import ApiLogRole
from components.api.websocket_api import WebSocketApi, WebSocketApiArgs
from contract.routes import ROUTES
from layers.base import Base


@dataclass(frozen=True, kw_only=True)
class Api:
    """``websocket`` is there where the environment offers realtime."""

    http: HttpApi
    websocket: WebSocketApi | None


def declare(base: Base) -> Api:
    """Closed until the functions are there to serve them."""
    config = base.config
    log_role = ApiLogRole("api-logs", base.context, base.opts) if config.account.owner else None
    http = HttpApi(
        "http",
        HttpApiArgs(
            context=base.context,
            config=config.api,
            origins=config.origins,
            routes=[route for route in ROUTES if base.realtime or not route.realtime],
        ),
        base.opts,
    )
    return Api(http=http, websocket=_websocket(base, log_role) if base.realtime else None)


def _websocket(base: Base, log_role: ApiLogRole | None) -> WebSocketApi:
    return WebSocketApi(
        "websocket",
        WebSocketApiArgs(
            context=base.context,
            config=base.config.api,
            log_account=log_role.account if log_role else None,
        ),
        base.opts,
    )
