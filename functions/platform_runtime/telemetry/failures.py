"""What a function fails at, marked in its log: from there the stack counts it, and alarms.

What ends the process marks nothing; Lambda's own lines tell of that, and are counted too.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from contract.incidents import FAILED
from functions.platform_runtime.telemetry.withheld import withheld

Answer = TypeVar("Answer")
Handler = Callable[[dict[str, Any], LambdaContext], Answer]


def marked(
    logger: Logger, correlation: str | None = None
) -> Callable[[Handler[Answer]], Handler[Answer]]:
    """Mark what a handler raises, and have its lines tell the call, by ``correlation`` too.

    What an error says goes into Lambda's own log, to whoever called and to the failure destination:
    no error that quotes a row leaves here.

    Never the event, in any function: headers hold the origin secret and tokens, and what one
    function relays to another may be a password or a key.
    """

    def decorate(handler: Handler[Answer]) -> Handler[Answer]:
        @wraps(handler)
        def handle(event: dict[str, Any], context: LambdaContext) -> Answer:
            try:
                return handler(event, context)
            except Exception as error:
                failed = withheld(error)
                # What it says and where it was, Lambda writes itself.
                logger.error(FAILED, extra={"error": type(failed).__name__})
            # Out here, for in there it would have the other one as its context.
            raise failed

        injected: Handler[Answer] = logger.inject_lambda_context(
            handle, log_event=False, correlation_id_path=correlation
        )
        return injected

    return decorate
