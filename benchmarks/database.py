"""A page of a list and a create as the functions do them, beside the bare statement, in turn.

All ask one Postgres on this machine, so the difference is what the platform's own code costs. A
transaction adds the check that the connection is alive; the handler adds who asks and what they
may, and to a create its quota, its record in the audit trail and its event.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from benchmarks.handlers import Handlers, deployed
from contract.database import APP_USER
from functions.platform_runtime.database import postgres
from functions.platform_runtime.requests.pages import Cursor
from functions.platform_runtime.settings import DatabaseSettings, read
from tests.migrations.databases import MIGRATIONS, Database, a_server, an_empty_database
from tests.migrations.volume import load

SIMULATIONS = 200_000
ROUNDS, WARM = 1000, 100
PAGE = """
SELECT id, name, status, created_at FROM simcore_simulations
WHERE workspace_id = %s AND (created_at, id) < (%s, %s)
ORDER BY created_at DESC, id DESC LIMIT 21
"""
WORKSPACE = "00000000-0000-0000-0000-000000000007"
AFTER = Cursor(
    created_at=datetime.fromisoformat("2026-10-10T00:00Z"),
    id=UUID("80000000-0000-0000-0000-000000000000"),
)
PAGE_VALUES = [WORKSPACE, AFTER.created_at, AFTER.id]
CREATE = "INSERT INTO simcore_simulations (workspace_id, user_id, name) VALUES (%s, %s, %s)"
CREATE_VALUES = [WORKSPACE, "user-7", "benchmark"]

Call = Callable[[], object]


def main() -> None:
    """Print, a subject a line: milliseconds at the median and the 95th, and both as ratios."""
    with a_server() as server, an_empty_database(server) as filled:
        _fill(filled)
        with deployed(filled), _subjects(filled) as operations:
            taken = {operation: _measure(subjects) for operation, subjects in operations.items()}
    print(f"{ROUNDS} rounds in turn, {SIMULATIONS} simulations, 1000 a workspace")
    print(f"{'operation':<10}{'as':<14}{'p50 ms':>9}{'p95 ms':>9}{'x p50':>8}{'x p95':>8}")
    for operation, times in taken.items():
        _report(operation, times)


def _fill(filled: Database) -> None:
    filled.migrate(MIGRATIONS[:2])
    with filled.connect("postgres") as connection:
        load(connection, SIMULATIONS)
        filled.migrate()
        connection.execute("VACUUM ANALYZE")


@contextmanager
def _subjects(filled: Database) -> Iterator[Mapping[str, Mapping[str, Call]]]:
    """For each operation what is measured; the first is what the others are compared with."""
    handlers = Handlers(WORKSPACE, AFTER)
    platform = postgres.Database(read(DatabaseSettings))

    def within(statement: str, values: Sequence[object]) -> Call:
        def call() -> None:
            with platform.transaction() as connection:
                connection.execute(statement.encode(), values)

        return call

    with filled.connect(APP_USER) as bare:
        yield {
            "list": {
                "bare SQL": lambda: bare.execute(PAGE, PAGE_VALUES).fetchall(),
                "transaction": within(PAGE, PAGE_VALUES),
                "handler": handlers.list,
            },
            "create": {
                "bare SQL": lambda: bare.execute(CREATE, CREATE_VALUES),
                "transaction": within(CREATE, CREATE_VALUES),
                "handler": handlers.create,
            },
        }
    platform.close()


def _measure(subjects: Mapping[str, Call]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(ROUNDS + WARM):
        for name, call in subjects.items():
            started = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - started) * 1000)
    return {name: times[WARM:] for name, times in taken.items()}


def _report(operation: str, taken: Mapping[str, list[float]]) -> None:
    first: tuple[float, float] | None = None
    for name, times in taken.items():
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        first = first or (p50, p95)
        ratios = f"{p50 / first[0]:>8.2f}{p95 / first[1]:>8.2f}"
        print(f"{operation:<10}{name:<14}{p50:>9.2f}{p95:>9.2f}{ratios}")


if __name__ == "__main__":
    main()
