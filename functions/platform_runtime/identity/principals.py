"""Who a request comes from: what an authorizer established, and what handlers may rely on."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from functions.platform_runtime.responses import RequestError

Kind = Literal["user", "api", "worker"]
RateClass = Literal["anonymous", "authenticated", "api"]

KINDS = {kind: kind for kind in get_args(Kind)}


@dataclass(frozen=True, kw_only=True)
class Principal:
    """A caller who has shown who they are; ``expires`` in epoch seconds, ``workspace`` for keys."""

    subject: str
    kind: Kind
    expires: int | None = None
    workspace: str | None = None

    @property
    def expired(self) -> bool:
        """Whether the token has ended since: an authorizer's answer outlives it by minutes."""
        return self.expires is not None and self.expires <= time.time()

    @property
    def rate_class(self) -> RateClass:
        """Which rate limit applies."""
        return "api" if self.kind == "api" else "authenticated"

    def context(self) -> dict[str, str]:
        """As an authorizer's context, which holds strings."""
        stated = {
            "subject": self.subject,
            "kind": self.kind,
            "expires": self.expires,
            "workspace": self.workspace,
        }
        return {key: str(value) for key, value in stated.items() if value is not None}


def from_context(context: Mapping[str, Any]) -> Principal:
    """The principal an authorizer put into its context. Raises KeyError or ValueError."""
    expires = context.get("expires")
    return Principal(
        subject=context["subject"],
        kind=KINDS[context["kind"]],
        expires=int(expires) if expires else None,
        workspace=context.get("workspace") or None,
    )


def required(event: Mapping[str, Any]) -> Principal:
    """Whose request it is. Raises RequestError 401 if nobody's or too late."""
    context = event["requestContext"].get("authorizer", {}).get("lambda")
    if not context:
        raise unauthorized("unauthenticated", "Sign in first, or send an API key.")
    principal = from_context(context)
    if principal.expired:
        raise unauthorized("token_expired", "The token has expired; sign in again.")
    return principal


def rate_class(principal: Principal | None) -> RateClass:
    """Which rate limit applies to a request."""
    return principal.rate_class if principal else "anonymous"


def unauthorized(code: str, message: str) -> RequestError:
    """A 401, with the challenge HTTP asks of one."""
    return RequestError(401, code, message, headers={"www-authenticate": "Bearer, ApiKey"})
