"""Where a component's resources are, under which key, and what becomes of them."""

from dataclasses import dataclass

from pulumi import Input

from config.sections import Logs


@dataclass(frozen=True, kw_only=True)
class Context:
    """What most components are told alike; the base layer makes it once.

    ``key_arn`` is of a key in ``region``. ``identifier`` tells the stack from others in an account,
    where AWS has one space of names. With ``protect`` data outlives a mistake, and its stack.
    """

    account_id: Input[str]
    region: str
    identifier: str
    key_arn: Input[str]
    logs: Logs
    protect: bool
