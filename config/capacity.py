"""How the tier's Lambda concurrency is divided over the functions."""

from config.model import StackConfig
from contract.function import Function
from contract.functions import FUNCTIONS
from contract.routes import RECONNECT_SECONDS

UNRESERVABLE = 100
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""

MOST_LOST = 0.001
"""Of what comes back at a moment of its own, what is refused and must come again."""


def declared(stack: StackConfig) -> list[Function]:
    """The functions this stack has."""
    return [f for f in FUNCTIONS.values() if stack.features.realtime or not f.realtime]


def lambda_pool(stack: StackConfig) -> int:
    """Executions of the account that can be reserved at all."""
    return max(0, stack.account.lambda_concurrency - UNRESERVABLE)


def reserved(stack: StackConfig) -> dict[str, int | None]:
    """Reserved concurrency by function; None leaves it to the account's common pool.

    A function that opens connections always reserves, or nothing would bound them, and so does what
    browsers' connections come back through, for they come all together; only an account too small
    to reserve anything leaves that to the stage's throttle.
    """
    functions = declared(stack)
    weights = sum(function.weight for function in functions)
    shares: dict[str, int | None] = dict.fromkeys(FUNCTIONS)
    if not lambda_pool(stack):
        return shares
    for function in functions:
        if function.reconnect_seconds is not None:
            shares[function.name] = _wave(stack.api.connections, function.reconnect_seconds)
        elif function.connects or stack.functions.sizing != "shared":
            share = stack.functions.concurrency * function.weight // weights
            shares[function.name] = function.fixed or max(function.least, share)
    return shares


def _wave(connections: int, seconds: float) -> int:
    """Executions at once while all connections come back, each at a moment of its own: Erlang's
    formula for calls that do not wait, however long each of them takes.

    https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_B_formula
    """
    busy, lost, executions = connections / RECONNECT_SECONDS * seconds, 1.0, 0
    while lost > MOST_LOST:
        executions += 1
        lost = busy * lost / (executions + busy * lost)
    return executions
