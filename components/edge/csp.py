"""The content security policy: what the site's pages may load and whom they may call."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pulumi import Input, Output

HEADERS: Mapping[Literal["report-only", "enforce"], str] = {
    "report-only": "content-security-policy-report-only",
    "enforce": "content-security-policy",
}

FIXED = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""``default-src 'none'``: what is not named is refused, so a new kind of content is a decision."""

OWN_HOST = "wss://{host}"
"""The script puts the host asked for in: older browsers do not take 'self' to cover WebSockets,
and a distribution's code cannot be given a name that exists only after it."""


def policy(region: str, sign_in_domain: Input[str], others: Sequence[Input[str]]) -> Output[str]:
    """The header's value; ``others`` are sources the pages call besides their own and sign-in's."""
    sources = [
        "'self'",
        OWN_HOST,
        Output.concat("https://", sign_in_domain),
        f"https://cognito-idp.{region}.amazonaws.com",
        *others,
    ]
    fixed = "; ".join(f"{directive} {value}" for directive, value in FIXED.items())
    return Output.all(*sources).apply(lambda known: f"{fixed}; connect-src {' '.join(known)}")
