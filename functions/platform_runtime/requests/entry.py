"""What API Gateway calls: one handler for each route the contract gives a function.

Powertools' Logger is used and its event handler is not: API Gateway has matched the route already,
and importing a second matcher doubles what a function outside the VPC imports.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar

from aws_lambda_powertools.utilities.typing import LambdaContext

from contract.incidents import FAILED
from functions.platform_runtime import deadline, responses
from functions.platform_runtime.clients import AwayError
from functions.platform_runtime.requests import outages
from functions.platform_runtime.responses import Outage, RequestError, Response
from functions.platform_runtime.telemetry import log
from functions.platform_runtime.telemetry.failures import marked
from functions.platform_runtime.telemetry.withheld import withheld

Event = dict[str, Any]
LambdaHandler = Callable[[Event, LambdaContext], Response]


class ContractError(Exception):
    """A function's handlers and its routes differ; it fails when the function is imported."""


class Entry(ABC):
    """A function's handlers, and how its errors are answered. It serves one request at a time.

    ``away`` are errors besides AWS's that say that something is away, and what callers are told.
    """

    correlation: ClassVar[str]
    """The part of a request's context that all lines of a log about it carry."""
    event: Event
    context: LambdaContext

    def __init__(
        self,
        function: str,
        keys: Iterable[str],
        away: Mapping[type[Exception], Outage] | None = None,
    ) -> None:
        self.logger = log.logger(function)
        self._function, self._away = function, away or {}
        self._expected = frozenset(keys)
        self._handlers: dict[str, Callable[..., Any]] = {}

    def handler(self) -> LambdaHandler:
        """What Lambda calls. Raises ContractError where a route has no handler."""
        if missing := self._expected - self._handlers.keys():
            raise ContractError(f"{self._function}: no handler for {', '.join(sorted(missing))}")
        return marked(self.logger, f"requestContext.{self.correlation}")(self._handle)

    @abstractmethod
    def answer(self, handler: Callable[..., Any] | None) -> Response:
        """Answer the request in hand; there is no handler where no route matched."""

    def add(self, key: str, handler: Callable[..., Any]) -> None:
        """Serve a route. Raises ContractError where the function has no such route."""
        if key not in self._expected or key in self._handlers:
            reason = "has two handlers" if key in self._handlers else "is not in the contract"
            raise ContractError(f"{self._function}: {key} {reason}")
        self._handlers[key] = handler

    def outcome(self, serve: Callable[[], Response]) -> Response:
        """What ``serve`` answers or, if it raises, the answer to that."""
        request_id = self.event["requestContext"]["requestId"]
        try:
            return serve()
        except RequestError as error:
            self.logger.info("refused", extra={"code": error.code, "status": error.status})
            return responses.failure(error, request_id)
        except Exception as error:
            outage = self._outage(error)
            if outage is None:
                self.logger.exception(FAILED)
                return responses.internal_error(request_id)
            cause = str(withheld(error)).partition("\n")[0]
            self.logger.error("outage", extra={"code": outage.code, "cause": cause})
            return responses.failure(outage.refusal(), request_id)

    def _outage(self, error: Exception) -> Outage | None:
        if isinstance(error, AwayError):
            return outages.AWS.get(error.service)
        return next((one for kind, one in self._away.items() if isinstance(error, kind)), None)

    def _handle(self, event: Event, context: LambdaContext) -> Response:
        self.event, self.context = event, context
        handler = self._handlers.get(event["requestContext"]["routeKey"])
        with deadline.of(self._function):
            return self.outcome(partial(self.answer, handler))
