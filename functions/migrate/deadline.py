"""When Lambda would end the run: Postgres should end its statement, and say so, before."""

import time
from dataclasses import dataclass

from functions.migrate.errors import MigrationError

MARGIN_SECONDS = 5.0
"""To tell the error in."""


@dataclass(frozen=True)
class Deadline:
    """``at`` is on the monotonic clock."""

    at: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds - MARGIN_SECONDS)

    def seconds_left(self, at_most: float = float("inf")) -> float:
        """Never nothing, which Postgres takes for no limit. Raises MigrationError."""
        left = self.at - time.monotonic()
        if left < 1:
            raise MigrationError("no time is left: deploy again, and it goes on from here")
        return min(left, at_most)
