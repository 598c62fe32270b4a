"""Clean-up, export and restore, each beside the bare SQL, in turn on copies of one database.

The bucket is a folder, so the figures are Postgres's and this process's; both share the machine.
"""

import re
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from psycopg.sql import SQL, Identifier

from contract.database import APP_USER
from functions.maintenance.cleanup import cleanup_old_simulations
from functions.maintenance.columns import columns
from functions.maintenance.deadline import Deadline
from functions.maintenance.export import Exported, export
from functions.maintenance.reading import verify
from functions.maintenance.restore import restore
from functions.maintenance.tables import TABLES
from functions.platform_runtime.secrets.keyring import Keyring
from functions.platform_runtime.secrets.sealing import DataKey
from tests.functions.maintenance.folder import Folder
from tests.functions.maintenance.servers import a_copy
from tests.migrations.databases import Database, a_server, an_empty_database

ROWS = 100_000
ROUNDS = 3
FILL = """
WITH made AS (INSERT INTO workspaces (name, created_by) VALUES ('Team', 'u') RETURNING id)
INSERT INTO simcore_simulations
    (workspace_id, user_id, name, status, parameters, result, completed_at)
SELECT made.id, 'user-' || n %% 100, 'simulation ' || n, 'completed',
    jsonb_build_object('steps', n, 'seed', md5(n::text), 'solver', 'implicit', 'tolerance', 1e-6),
    jsonb_build_object('energy', random(), 'trace', (
        SELECT jsonb_agg(round((n * 0 + m * random())::numeric, 6))
        FROM generate_series(1, 60) AS m)),
    now() - interval '91 days' - n * interval '1 second'
FROM made, generate_series(1, %s) AS n
"""
ALL_AT_ONCE = """
WITH gone AS (
    DELETE FROM simcore_simulations
    WHERE status = 'completed' AND completed_at < now() - interval '90 days' RETURNING {columns}
)
INSERT INTO simulations_archive ({columns}) SELECT {columns} FROM gone
"""
COPY_OUT, COPY_IN = SQL("COPY {} TO STDOUT"), SQL("COPY {} FROM STDIN")

Job = Callable[[Database], object]
Copy = Callable[[], AbstractContextManager[Database]]


@dataclass
class Taken:
    """``peak`` is how far the process's memory rose, in bytes."""

    seconds: list[float] = field(default_factory=list)
    peak: int = 0


def main() -> None:
    """Print, a subject a line: rows and MB a second, the ratio of times, and memory in MB."""
    with ExitStack() as stack:
        server = stack.enter_context(a_server())
        empty = stack.enter_context(an_empty_database(server))
        folder = Folder(stack.enter_context(TemporaryDirectory()))
        empty.migrate()
        filled = stack.enter_context(a_copy(server, empty))
        filled.execute(FILL, ROWS)
        filled.execute("VACUUM ANALYZE")
        size = _copy_out(filled)
        print(f"{ROWS} rows, {size / 1e6:.0f} MB as COPY's text; median of {ROUNDS}, in turn")
        print(f"{'job':<9}{'as':<20}{'rows/s':>9}{'MB/s':>8}{'x':>7}{'peak MB':>9}")

        def each(subjects: Mapping[str, Job], template: Database) -> dict[str, Taken]:
            return _measure(subjects, lambda: a_copy(server, template))

        _report("cleanup", each({"one statement": _move, "batches": _cleanup}, filled), size)
        key = Keyring.new().data_key("backups/benchmark/full-backup.json")
        stored: list[int] = []
        exporting = {
            "COPY TO": _copy_out,
            "export": lambda f: stored.append(_export(f, folder, key)),
        }
        _report("export", each(exporting, filled), size)
        _report("verify", each({"verify": lambda _: verify(folder, key)}, empty), size)
        restoring = {
            "COPY TO, COPY FROM": lambda to: _copy_in(filled, to),
            "restore": lambda to: _restore(to, folder, key),
        }
        _report("restore", each(restoring, empty), size)
        print(f"stored: {_export(filled, folder, key) / 1e6:.1f} MB")


def _move(copy: Database) -> None:
    with copy.connect(APP_USER) as connection:
        names = SQL(", ").join(map(Identifier, columns(connection, "simcore_simulations")))
        _all(connection.execute(SQL(ALL_AT_ONCE).format(columns=names)).rowcount)


def _cleanup(copy: Database) -> None:
    with copy.connect(APP_USER) as connection:
        _all(cleanup_old_simulations(connection, Deadline.within(600)).archived)


def _export(filled: Database, folder: Folder, key: DataKey) -> int:
    about = {"reason": "benchmark", "timestamp": "2026-11-22T03:00:00Z"}
    with filled.connect(APP_USER) as connection:
        done = export(connection, folder, key, Deadline.within(600), **about)
    if not isinstance(done, Exported):
        raise RuntimeError("there is one already")
    _all(done.counts["simulations"])
    return done.bytes


def _restore(to: Database, folder: Folder, key: DataKey) -> None:
    with to.connect(APP_USER) as connection:
        _all(restore(connection, folder, key, Deadline.within(600)).counts["simulations"])


def _copy_out(filled: Database) -> int:
    """How many bytes came."""
    size = 0
    with filled.connect(APP_USER) as connection:
        for table in map(Identifier, TABLES.values()):
            with connection.cursor().copy(COPY_OUT.format(table)) as rows:
                size += sum(map(len, rows))
    return size


def _copy_in(filled: Database, to: Database) -> None:
    with filled.connect(APP_USER) as source, to.connect(APP_USER) as target:
        for table in map(Identifier, TABLES.values()):
            with (
                source.cursor().copy(COPY_OUT.format(table)) as rows,
                target.cursor().copy(COPY_IN.format(table)) as copy,
            ):
                for row in rows:
                    copy.write(row)


def _all(count: int) -> None:
    if count != ROWS:
        raise RuntimeError(f"{count} of {ROWS} rows")


def _measure(
    subjects: Mapping[str, Job], copy: Callable[[], AbstractContextManager[Database]]
) -> dict[str, Taken]:
    taken = {name: Taken() for name in subjects}
    for _ in range(ROUNDS):
        for name, job in subjects.items():
            with copy() as database:
                database.execute("CHECKPOINT")
                before = _forgotten()
                started = time.perf_counter()
                job(database)
                taken[name].seconds.append(time.perf_counter() - started)
                taken[name].peak = max(taken[name].peak, _memory("VmHWM") - before)
    return taken


def _forgotten() -> int:
    """The process's memory now; its peak begins again from here."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def _report(job: str, taken: Mapping[str, Taken], size: int) -> None:
    bare: float | None = None
    for name, one in taken.items():
        seconds = statistics.median(one.seconds)
        bare = bare or seconds
        speeds = f"{ROWS / seconds:>9.0f}{size / seconds / 1e6:>8.1f}"
        print(f"{job:<9}{name:<20}{speeds}{seconds / bare:>7.2f}{one.peak / 1e6:>9.1f}")


if __name__ == "__main__":
    main()
