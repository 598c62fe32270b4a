"""What the HTTP API and the WebSocket API have in common."""

from components.names import specified

SERVICE = "apigateway.amazonaws.com"

INIT_SECONDS = 10
"""The longest a cold start's init phase runs, ahead of the function's own timeout:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"""
LONGEST_SECONDS = 29
"""WebSocket APIs wait no longer, and CloudFront gives up on any API after 30 s."""


def timeout_milliseconds(function: str) -> int:
    """How long an API waits for a function: through a cold start, if it may."""
    own = specified(function, "a route").timeout_seconds
    return min(own + INIT_SECONDS, LONGEST_SECONDS) * 1000
