"""One operation of the HTTP API."""

from dataclasses import dataclass
from typing import Literal

Access = Literal["public", "authenticated"]


@dataclass(frozen=True, kw_only=True)
class Route:
    """``operation`` is its name in handlers and documents."""

    method: str
    path: str
    function: str
    access: Access
    operation: str
    realtime: bool = False

    @property
    def key(self) -> str:
        """The route key API Gateway knows it by."""
        return f"{self.method} {self.path}"
