"""What RDS has and an ordinary server lacks: its IAM role, and a master that may use extensions."""

from tests.migrations.databases import MASTER, MIGRATIONS

HAS = "SELECT pg_has_role(%s, %s, 'MEMBER')"


def test_on_rds_those_who_sign_in_do_so_with_iam(database):
    database.execute("CREATE ROLE rds_iam")
    database.execute(f"GRANT rds_iam TO {MASTER} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")

    database.migrate()

    assert database.execute(HAS, "platform_app", "rds_iam") == [(True,)]
    assert database.execute(HAS, "platform_migrator", "rds_iam") == [(True,)]
    assert database.execute(HAS, "platform_owner", "rds_iam") == [(False,)]


def test_a_master_that_may_lets_the_functions_see_statistics(database):
    database.execute(f"GRANT pg_monitor TO {MASTER} WITH ADMIN TRUE")
    database.migrate()

    assert database.execute(HAS, "platform_app", "pg_monitor") == [(True,)]


def test_a_master_that_may_makes_the_statistics_extension(database):
    database.execute(f"ALTER ROLE {MASTER} SUPERUSER")
    database.migrate()

    extensions = database.execute("SELECT extname FROM pg_extension WHERE extname LIKE 'pg_stat%'")
    assert extensions == [("pg_stat_statements",)]


def test_a_master_that_may_not_is_told_and_goes_on(database):
    said = []
    with database.connect() as connection:
        connection.add_notice_handler(lambda notice: said.append(notice.message_primary))
        for made in MIGRATIONS[:1]:
            connection.execute(made.sql.encode())
        connection.execute("CREATE TABLE schema_migrations ()")
        connection.execute(MIGRATIONS[1].sql.encode())

    assert any(line.startswith("without pg_stat_statements: permission denied") for line in said)
    assert any(line.startswith("without pg_monitor: permission denied") for line in said)
