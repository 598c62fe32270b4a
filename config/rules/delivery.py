"""Deployment from GitHub."""

from collections.abc import Iterator

from config.model import StackConfig
from config.problems import Problem


def deliveries_name_their_account(stack: StackConfig) -> Iterator[Problem]:
    """Nobody sits beside a workflow and sees whose credentials it was given."""
    if stack.delivery and stack.account.id is None:
        yield Problem(
            ("account", "id"),
            "(nothing)",
            "required beside delivery",
            "workflows find their roles by it, and deploy to no other account",
            "state it, as `aws sts get-caller-identity` says, in quotes",
        )
