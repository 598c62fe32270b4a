"""The origin lock: who does not know CloudFront's secret came around the CDN and its firewall."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from contract.routes import ORIGIN_HEADER
from functions.platform_runtime.responses import RequestError


def require(headers: Mapping[str, str], digests: Sequence[str]) -> None:
    """Refuse a request that carries no secret of one of these SHA-256 digests.

    Several are valid at once while the secret is rotated; with none, nobody is let in.
    """
    secret = header(headers, ORIGIN_HEADER)
    digest = hashlib.sha256(secret.encode(errors="replace")).hexdigest().encode()
    # Every digest is compared, so the time taken does not say which one was near.
    matches = [hmac.compare_digest(digest, known.encode()) for known in digests]
    if not secret or not any(matches):
        raise RequestError(403, "origin_refused", "Use the platform's public address.")


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's value, or nothing; the WebSocket API keeps the sender's upper and lower case."""
    return next((value for key, value in headers.items() if key.lower() == name), "")
