"""By when the call in hand ends: before Lambda ends it, which answers nothing."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from contract.functions import FUNCTIONS

SPARE_SECONDS = 1.0
"""To say so, after whatever was waited for has been given up."""

_end: ContextVar[float] = ContextVar("deadline", default=math.inf)


@contextmanager
def of(function: str) -> Iterator[None]:
    """While a call of this function is served."""
    end = time.monotonic() + FUNCTIONS[function].timeout_seconds - SPARE_SECONDS
    token = _end.set(end)
    try:
        yield
    finally:
        _end.reset(token)


def left(most: float | None = None) -> float:
    """How many seconds something may still take; without end in a job, which keeps its own time."""
    return max(0.0, min(_end.get() - time.monotonic(), math.inf if most is None else most))
