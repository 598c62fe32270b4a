"""Where the distribution fetches from: the site's bucket and the APIs."""

from dataclasses import dataclass

from pulumi import Input
from pulumi_aws.cloudfront import DistributionOriginArgsDict as OriginInput

from components.edge.behaviours import Origin
from contract.routes import ORIGIN_HEADER

READ_TIMEOUT = 30
"""The longest an HTTP API itself waits for a function."""


@dataclass(frozen=True, kw_only=True)
class Origins:
    """Host names, and the secret that proves to the APIs that CloudFront asks.

    Without ``websocket`` the stack has no realtime, and no path that leads there.
    """

    site: Input[str]
    site_access_control_id: Input[str]
    api: Input[str]
    websocket: Input[str] | None
    secret: Input[str]

    def inputs(self) -> list[OriginInput]:
        """The distribution's origins."""
        site: OriginInput = {
            "origin_id": "site",
            "domain_name": self.site,
            "origin_access_control_id": self.site_access_control_id,
        }
        origins = [site, self._api("api", self.api)]
        if self.websocket is not None:
            origins.append(self._api("websocket", self.websocket))
        return origins

    def _api(self, origin: Origin, host: Input[str]) -> OriginInput:
        return {
            "origin_id": origin,
            "domain_name": host,
            # Replaces what a viewer sent under that name.
            "custom_headers": [{"name": ORIGIN_HEADER, "value": self.secret}],
            "custom_origin_config": {
                "http_port": 80,
                "https_port": 443,
                "origin_protocol_policy": "https-only",
                "origin_ssl_protocols": ["TLSv1.2"],
                "origin_read_timeout": READ_TIMEOUT,
            },
        }
