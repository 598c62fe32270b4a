"""Where people sign in from."""

from collections.abc import Iterator

from config.model import StackConfig
from config.problems import Problem

MOST_ADDRESSES = 100
"""https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html"""


def addresses_fit_the_client(stack: StackConfig) -> Iterator[Problem]:
    """A sign-in may return to the platform's own address, and to every other origin."""
    own = {f"https://{stack.edge.domain}"}
    others = {*stack.origins, *stack.identity.callback_origins} - own
    if len(others) + 1 > MOST_ADDRESSES:
        listed = stack.identity.callback_origins
        yield Problem(
            ("identity", "callback_origins") if listed else ("origins",),
            f"{len(others)} with origins and identity.callback_origins together",
            f"at most {MOST_ADDRESSES - 1} beside the platform's own",
            f"Cognito takes {MOST_ADDRESSES} addresses that a sign-in may return to",
            "leave some out, or let several applications share an origin",
        )
