"""What requests to the modules have besides: each operation is described, and read by that."""

from collections.abc import Callable, Mapping
from functools import partial

from functions.modules.records import plain
from functions.modules.requests import Described, Request, read
from functions.platform_runtime import responses
from functions.platform_runtime.database.outages import POSTGRES
from functions.platform_runtime.identity import principals
from functions.platform_runtime.requests.api import Api
from functions.platform_runtime.responses import Response
from functions.platform_runtime.settings import ApiSettings

Serve = Callable[[Request], Response]


class Service(Api):
    """The operations of one function, each with its description."""

    def __init__(self, function: str, settings: Callable[[], ApiSettings]) -> None:
        super().__init__(function, settings, POSTGRES)
        self.described: dict[str, Described] = {}

    def serve(self, operation: str, described: Described, serve: Serve) -> None:
        """Serve an operation. Raises ContractError where the function has no such one."""
        self.route(operation, partial(self._serve, described, serve))
        self.described[operation] = described

    def _serve(self, described: Described, serve: Serve) -> Response:
        return serve(read(self.event, principals.required(self.event), described))


def answer(status: int, record: object, headers: Mapping[str, str] | None = None) -> Response:
    """A record as an answer nobody keeps."""
    return responses.answer(status, plain(record), headers)


def nothing() -> Response:
    """204."""
    bare = responses.answer(204, {})
    kept = {name: value for name, value in bare["headers"].items() if name != "content-type"}
    return bare | {"body": "", "headers": kept}
