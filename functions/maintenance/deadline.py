"""How long a job still has; Lambda ends it without a word, so it ends itself before."""

import time
from dataclasses import dataclass

from psycopg.sql import SQL, Literal

from functions.maintenance.errors import DeadlineError
from functions.platform_runtime.database.postgres import Connection

MARGIN_SECONDS = 5.0
"""To undo and to tell."""


@dataclass(frozen=True)
class Deadline:
    """``at`` is on the monotonic clock."""

    at: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds - MARGIN_SECONDS)

    @property
    def seconds_left(self) -> float:
        return self.at - time.monotonic()

    def require(self) -> None:
        """Raises DeadlineError once the time is over."""
        if self.seconds_left <= 0:
            raise DeadlineError("no time is left")

    def impose(self, connection: Connection) -> None:
        """Have Postgres end the transaction's statements in time. Raises DeadlineError."""
        self.require()
        # Never nothing, which Postgres takes for no limit.
        limit = Literal(max(1, int(self.seconds_left * 1000)))
        # Not set_config(), for a SELECT takes the transaction's snapshot.
        connection.execute(SQL("SET LOCAL statement_timeout = {}").format(limit))
