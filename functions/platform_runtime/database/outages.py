"""What callers are told while Postgres is away: for the functions that connect to it alone."""

from collections.abc import Mapping

import psycopg

from functions.platform_runtime.responses import Outage

DATABASE = Outage("database_unavailable", "The database does not answer.", 5)
POSTGRES: Mapping[type[Exception], Outage] = {
    psycopg.errors.ReadOnlySqlTransaction: Outage(
        "writes_paused", "Changes are paused; try again later.", 60
    ),
    # A deadlock's loser and a statement that took too long are among these.
    psycopg.OperationalError: DATABASE,
}
