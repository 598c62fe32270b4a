"""What another service said, kept: while it is fresh, and longer while the service is silent."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

FRESH_SECONDS = 300.0
AGAIN_SECONDS = 10.0
"""How soon a service is asked again that was silent, or that did not know what was asked for. So
strangers with made-up ids have it asked no more often; and what it did not know so long ago is
unknown, which API Gateway keeps for minutes."""


class Kept(Generic[Value]):
    """One thing that ``ask`` fetches; whatever that raises is the service's silence."""

    def __init__(self, ask: Callable[[], Value]) -> None:
        self._ask = ask
        self._held: tuple[Value] | None = None
        self._fetched = 0.0
        self._sought = 0.0
        self._silence: Exception | None = None
        self._silent = 0.0

    def fresh(self) -> Value:
        """At most five minutes old. Raises the service's silence."""
        if self._held is None:
            return self._renewed()
        # Not the monotonic clock: it may stand still while Lambda keeps the process frozen.
        if time.time() - self._fetched <= FRESH_SECONDS:
            return self._held[0]
        self._leave_alone()
        return self._renewed()

    def known(self) -> Value:
        """Fresh, or what is in hand while the service is silent. Raises that if nothing is."""
        try:
            return self.fresh()
        except Exception:
            if self._held is None:
                raise
            return self._held[0]

    def newest(self) -> Value:
        """For what is not in hand: asked for now, or a moment ago. Raises the service's silence."""
        self._leave_alone()
        if time.time() - self._sought < AGAIN_SECONDS:
            return self.known()
        self._sought = time.time()
        return self._renewed()

    def _leave_alone(self) -> None:
        """Raises what was raised a moment ago: each question in vain takes seconds."""
        if self._silence and time.time() - self._silent < AGAIN_SECONDS:
            raise self._silence.with_traceback(None)

    def _renewed(self) -> Value:
        """What was in hand stays there unless there is an answer."""
        try:
            value = self._ask()
        except Exception as error:
            self._silence, self._silent = error, time.time()
            raise
        self._held, self._fetched, self._silence = (value,), time.time(), None
        return value
