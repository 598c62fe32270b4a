"""Every index is used by the query docs/database.md says it is for, on a million simulations."""

import re

import psycopg
import pytest
from psycopg.rows import scalar_row

from tests.migrations.databases import MIGRATIONS, ROOT
from tests.migrations.volume import load

SECTION = re.compile(r"^### `(?P<index>\w+)`$(?P<text>.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
QUERY = re.compile(r"```sql\n(.*?)```", re.DOTALL)
DOCUMENT = (ROOT / "docs/database.md").read_text(encoding="utf-8")
DOCUMENTED = {found["index"]: QUERY.findall(found["text"]) for found in SECTION.finditer(DOCUMENT)}
VALUES = {
    "user_id": ("text", "user-7"),
    "workspace_id": ("uuid", "00000000-0000-0000-0000-000000000007"),
    "workflow_id": ("uuid", "00000000-0000-0000-0000-000000000100"),
    "status": ("text", "failed"),
    "id": ("uuid", "80000000-0000-0000-0000-000000000000"),
    "created_at": ("timestamptz", "2026-10-10T00:00Z"),
    "since": ("timestamptz", "2026-11-21T00:00Z"),
    "before": ("timestamptz", "2026-08-23T00:00Z"),
}
"""For each name its type and a value; volume.py says of when the rows are."""


@pytest.fixture(scope="module")
def filled(server):
    """A platform that has been in use when the indexes come."""
    from tests.migrations.databases import an_empty_database

    with an_empty_database(server) as found:
        found.migrate(MIGRATIONS[:2])
        with found.connect("postgres") as connection:
            load(connection)
            found.migrate()
            connection.execute("VACUUM ANALYZE")
        yield found


@pytest.fixture(scope="module")
def connection(filled):
    with psycopg.connect(
        host="127.0.0.1",
        port=filled.port,
        dbname=filled.name,
        user="postgres",
        row_factory=scalar_row,
        autocommit=True,
    ) as found:
        yield found


def plan(connection, query, *, generic):
    """The plan's lines, for these values or for any."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", query)))
    for number, name in enumerate(names, start=1):
        query = query.replace(f"%({name})s", f"${number}")
    types, values = zip(*(VALUES[name] for name in names), strict=True)
    mode = "force_generic_plan" if generic else "force_custom_plan"
    connection.execute(f"SET plan_cache_mode = {mode}")
    connection.execute(f"PREPARE asked ({', '.join(types)}) AS {query}")
    try:
        given = ", ".join(f"'{value}'" for value in values)
        return "\n".join(connection.execute(f"EXPLAIN EXECUTE asked ({given})").fetchall())
    finally:
        connection.execute("DEALLOCATE asked")


def test_the_document_names_every_index_there_is(migrated):
    made = migrated.execute(
        "SELECT relname::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid "
        "WHERE NOT indisunique AND relnamespace = 'public'::regnamespace"
    )

    assert sorted(name for (name,) in made) == sorted(DOCUMENTED)
    assert all(DOCUMENTED.values())


@pytest.mark.slow
@pytest.mark.parametrize("generic", [False, True], ids=["these", "any"])
@pytest.mark.parametrize(
    ("index", "query"),
    [pytest.param(index, q, id=index) for index, queries in DOCUMENTED.items() for q in queries],
)
def test_the_query_uses_its_index(connection, index, query, generic):
    found = plan(connection, query, generic=generic)

    assert re.search(rf"\b{index}\b", found), found
    assert "Seq Scan" not in found
    # Less than a page, or a page from each of a few workspaces, is soon put in order.
    if generic and "LATERAL" not in query:
        assert not re.search(r"\bSort\b", found), found


@pytest.mark.slow
def test_a_quota_is_counted_from_the_index_alone(connection):
    (_, count) = DOCUMENTED["idx_simulations_page"]

    assert "Index Only Scan using idx_simulations_page" in plan(connection, count, generic=False)


@pytest.mark.slow
def test_a_page_of_several_workspaces_begins_in_each_ones_index(connection):
    (_, page) = DOCUMENTED["idx_memberships_user"]

    found = plan(connection, page, generic=True)

    assert re.search(r"Limit.*\n *->  Index Scan using idx_simulations_page", found), found


@pytest.mark.slow
def test_without_its_index_the_query_reads_the_table(connection):
    """The test above can fail."""
    (query,) = DOCUMENTED["idx_simulations_workflow"]
    with connection.transaction(force_rollback=True):
        connection.execute("DROP INDEX idx_simulations_workflow")

        assert "Seq Scan" in plan(connection, query, generic=False)
