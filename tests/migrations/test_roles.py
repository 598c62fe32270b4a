"""Who may do what: the functions work with rows, the owner signs in nowhere."""

import pytest
from psycopg.errors import InsufficientPrivilege

from contract.database import APP_USER
from functions.migrate.errors import NotAllowedError
from functions.migrate.files import Migration
from tests.migrations.databases import MASTER, MIGRATIONS

OWNER, MIGRATOR = "platform_owner", "platform_migrator"
ROWS = {"SELECT", "INSERT", "UPDATE", "DELETE"}
APPEND = {"SELECT", "INSERT"}
GRANTS = {
    "workspaces": ROWS,
    "memberships": ROWS,
    "workflows": ROWS,
    "simcore_simulations": ROWS,
    "qmlab_experiments": ROWS,
    "optilibria_runs": ROWS,
    "outbox": ROWS,
    "simulations_archive": APPEND,
    "audit_logs": APPEND,
    "schema_migrations": set(),
}


@pytest.fixture(scope="module")
def database(server):
    """One for the module: these tests only look, or fail."""
    from tests.migrations.databases import an_empty_database

    with an_empty_database(server) as found:
        found.migrate()
        yield found


def members(database, role):
    return {
        name
        for (name,) in database.execute(
            "SELECT member::regrole::text FROM pg_auth_members WHERE roleid = to_regrole(%s)", role
        )
    }


def test_every_table_is_the_owners_and_granted_as_written_here(database):
    found = database.execute(
        "SELECT tablename, tableowner, array(SELECT privilege_type::text FROM "
        "information_schema.role_table_grants WHERE table_name = tablename AND grantee = %s) "
        "FROM pg_tables WHERE schemaname = 'public'",
        APP_USER,
    )

    assert {table: set(privileges) for table, _, privileges in found} == GRANTS
    assert {owner for _, owner, _ in found} == {OWNER}
    everyone = "SELECT * FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC' AND %s"
    assert database.execute(f"{everyone} = table_schema", "public") == []


def test_nobody_but_who_migrates_may_be_the_owner(database):
    roles = database.execute(
        "SELECT rolname, rolcanlogin, rolcreaterole, rolsuper OR rolcreatedb OR rolbypassrls "
        "FROM pg_roles WHERE rolname ~ '^platform' AND rolname <> %s ORDER BY 1",
        MASTER,
    )

    assert roles == [
        (APP_USER, True, False, False),
        (MIGRATOR, True, True, False),
        (OWNER, False, False, False),
    ]
    assert members(database, OWNER) == {MASTER, MIGRATOR}


def test_the_master_is_no_member_of_those_who_sign_in_with_iam(database):
    """RDS refuses a member's member its password:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/database-authentication.html"""
    is_member = "SELECT pg_has_role(%s, %s, 'MEMBER')"

    for role in (APP_USER, MIGRATOR):
        assert database.execute(is_member, MASTER, role) == [(False,)]
    assert members(database, APP_USER) == {MIGRATOR}
    assert members(database, MIGRATOR) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE another (id bigint)",
        "CREATE TEMPORARY TABLE another (id bigint)",
        "CREATE SCHEMA another",
        "CREATE FUNCTION another() RETURNS void LANGUAGE sql AS ''",
        "CREATE INDEX ON workspaces (name)",
        "CREATE ROLE another",
        "ALTER TABLE workspaces ADD another text",
        "DROP TABLE outbox",
        "TRUNCATE outbox",
        "SET ROLE platform_owner",
        "DELETE FROM simulations_archive",
        "UPDATE audit_logs SET action = 'x'",
        "DELETE FROM audit_logs",
        "TRUNCATE audit_logs",
        "SELECT * FROM audit_logs FOR UPDATE",
        "ALTER TABLE audit_logs DISABLE TRIGGER ALL",
        "DROP TABLE audit_logs",
        "SELECT * FROM schema_migrations",
        "COPY outbox TO PROGRAM 'id'",
    ],
)
def test_the_functions_cannot(database, statement):
    with pytest.raises(InsufficientPrivilege):
        database.execute(statement, user=APP_USER)


def test_a_grant_the_functions_try_to_make_is_none(database):
    """Postgres warns where there is no right to give."""
    database.execute("GRANT UPDATE ON audit_logs TO PUBLIC", user=APP_USER)

    test_every_table_is_the_owners_and_granted_as_written_here(database)


def test_later_migrations_need_the_migrator_only(migrated_again):
    later = (
        Migration("0006_more.sql", "CREATE TABLE more (id bigint)"),
        Migration("0007_i.sql", "CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_more ON more (id)"),
    )

    report = migrated_again.migrate([*MIGRATIONS, *later], user=MIGRATOR)

    assert report.applied == ("0006_more.sql", "0007_i.sql")
    assert migrated_again.execute("SELECT tableowner FROM pg_tables WHERE tablename='more'") == [
        (OWNER,)
    ]
    applied_by = "SELECT DISTINCT applied_by FROM schema_migrations ORDER BY 1"
    assert migrated_again.execute(applied_by) == [(MASTER,), (MIGRATOR,)]


def test_what_only_the_master_may_do_is_told_apart_and_gone_on_from(migrated_again):
    later = (
        Migration("0006_role.sql", "RESET ROLE; CREATE ROLE rds_iam"),
        Migration("0007_more.sql", "RESET ROLE; CREATE SCHEMA more"),
    )

    with pytest.raises(NotAllowedError, match=r"0007_more\.sql: permission denied"):
        migrated_again.migrate([*MIGRATIONS, *later], user=MIGRATOR)

    report = migrated_again.migrate([*MIGRATIONS, *later], user=MASTER)
    assert report.applied == ("0007_more.sql",)


@pytest.fixture
def migrated_again(server, database):
    """Beside the module's database and its roles, as a restored one would be."""
    name = "again"
    server.execute(f"CREATE DATABASE {name} OWNER {MASTER}")
    try:
        again = type(database)(database.port, name)
        again.migrate()
        yield again
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        server.execute("DROP ROLE IF EXISTS rds_iam")
