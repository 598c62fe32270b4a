"""config.json: what the site in a browser must know of its stack."""

from dataclasses import dataclass

import pulumi
from pulumi import Input, Output

from config.sections import Features, Limits
from contract.routes import RECONNECT_SECONDS


@dataclass(frozen=True, kw_only=True)
class BrowserConfig:
    """Public by nature: the release tool puts it beside each release, so nothing here is a secret.

    Without ``websocket_url`` the stack has no realtime; with it a page whose connection ends draws
    a moment within ``reconnectSeconds`` for the next, and twice that after each failure.
    """

    environment: str
    region: str
    api_url: Input[str]
    websocket_url: Input[str] | None
    user_pool_id: Input[str]
    user_pool_client_id: Input[str]
    sign_in_domain: Input[str]
    features: Features
    limits: Limits

    def json(self) -> Output[str]:
        """The document's text."""
        return pulumi.Output.json_dumps(
            {
                "environment": self.environment,
                "region": self.region,
                "apiUrl": self.api_url,
                "websocketUrl": self.websocket_url,
                "reconnectSeconds": RECONNECT_SECONDS if self.websocket_url else None,
                "userPoolId": self.user_pool_id,
                "userPoolClientId": self.user_pool_client_id,
                "signInDomain": self.sign_in_domain,
                "features": {
                    "realtime": self.features.realtime,
                    "analytics": self.features.analytics,
                    "ai": self.features.ai,
                },
                "limits": {
                    "simulations": self.limits.simulations,
                    "storageGb": self.limits.storage_gb,
                    "users": self.limits.users,
                },
            }
        )
