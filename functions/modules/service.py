"""How a request to one of these functions goes: admitted, read, done, answered."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import psycopg

from functions.modules.records import plain
from functions.modules.requests import Described, Request, read
from functions.modules.resources import Resources
from functions.platform_runtime import identity, limits, origin, responses, usage
from functions.platform_runtime.api import Api
from functions.platform_runtime.responses import RequestError, Response
from functions.platform_runtime.settings import Settings

Serve = Callable[[Request], Response]


class Service(Api):
    """The operations of one function, each with its description."""

    def __init__(
        self, function: str, settings: Callable[[], Settings], resources: Callable[[], Resources]
    ) -> None:
        super().__init__(function, settings)
        self._resources = resources
        self.described: dict[str, Described] = {}

    def serve(self, operation: str, described: Described, serve: Serve) -> None:
        """Serve an operation. Raises ContractError where the function has no such one."""
        self.add(self._keys.get(operation, operation), partial(self._serve, described, serve))
        self.described[operation] = described

    def answer(self, handler: Callable[..., Any] | None) -> Response:
        origin.require(self.event["headers"], self._settings().origin_digests)
        if handler is None:
            raise self._no_route()
        response: Response = handler()
        return response

    def _serve(self, described: Described, serve: Serve) -> Response:
        principal = identity.required(self.event)
        caller = limits.caller(principal, self.event["headers"])
        standing = self._resources().limiter.admit(principal.rate_class, caller)
        headers = standing.headers() if standing else {}
        try:
            with usage.metered(self._settings().environment) as used:
                request = read(self.event, principal, described)
                response = _with_database(serve, request)
                used.bandwidth_bytes += len(self.event.get("body") or "") + len(response["body"])
        except RequestError as error:
            error.headers = {**error.headers, **headers}
            raise
        return {**response, "headers": {**response["headers"], **headers}}


def _with_database(serve: Serve, request: Request) -> Response:
    try:
        return serve(request)
    except psycopg.errors.ReadOnlySqlTransaction as error:
        raise _unavailable("writes_paused", "Changes are paused; try again later.", 60) from error
    except psycopg.OperationalError as error:
        # A deadlock's loser and a statement that took too long are among these.
        raise _unavailable("database_unavailable", "The database does not answer.", 5) from error


def _unavailable(code: str, message: str, seconds: int) -> RequestError:
    return RequestError(503, code, message, headers={"retry-after": str(seconds)})


def answer(status: int, record: object, headers: Mapping[str, str] | None = None) -> Response:
    """A record as an answer nobody keeps."""
    return responses.answer(status, plain(record), headers)


def nothing() -> Response:
    """204."""
    bare = responses.answer(204, {})
    kept = {name: value for name, value in bare["headers"].items() if name != "content-type"}
    return bare | {"body": "", "headers": kept}
