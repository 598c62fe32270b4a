"""How the tier's Lambda concurrency is divided over the functions."""

from config.model import StackConfig
from contract.function import Function
from contract.functions import FUNCTIONS

UNRESERVABLE = 100
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""


def declared(stack: StackConfig) -> list[Function]:
    """The functions this stack has."""
    return [f for f in FUNCTIONS.values() if stack.features.realtime or not f.realtime]


def lambda_pool(stack: StackConfig) -> int:
    """Executions of the account that can be reserved at all."""
    return max(0, stack.account.lambda_concurrency - UNRESERVABLE)


def reserved(stack: StackConfig) -> dict[str, int | None]:
    """Reserved concurrency by function; None leaves it to the account's common pool.

    A function that opens connections always reserves, or nothing would bound them; only an
    account too small to reserve anything leaves that to the stage's throttle.
    """
    functions = declared(stack)
    weights = sum(function.weight for function in functions)
    shares: dict[str, int | None] = dict.fromkeys(FUNCTIONS)
    if not lambda_pool(stack):
        return shares
    for function in functions:
        if function.connects or stack.functions.sizing != "shared":
            share = max(1, stack.functions.concurrency * function.weight // weights)
            shares[function.name] = function.fixed or share
    return shares
