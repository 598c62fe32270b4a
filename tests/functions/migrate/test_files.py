"""Which files are migrations, and which are refused before anything runs."""

import re

import pytest

from functions.migrate import files
from functions.migrate.errors import MigrationError

INDEX = "CREATE INDEX CONCURRENTLY IF NOT EXISTS idx ON t (c)"


@pytest.fixture
def folder(tmp_path):
    def write(**contents):
        for name, sql in contents.items():
            (tmp_path / f"{name}.sql").write_bytes(sql.encode())
        return tmp_path

    return write


def test_they_come_in_order_of_their_numbers(folder):
    found = files.load(folder(**{"0002_two": "SELECT 2", "0001_one": "SELECT 1"}))

    assert [(m.number, m.name, m.sql) for m in found] == [
        (1, "0001_one.sql", "SELECT 1"),
        (2, "0002_two.sql", "SELECT 2"),
    ]


def test_line_ends_are_no_change_and_all_else_is(folder):
    one, crlf, two = files.load(
        folder(**{"0001_a": "SELECT\n1", "0002_b": "SELECT\r\n1", "0003_c": "SELECT\n 1"})
    )

    assert one.checksum == crlf.checksum != two.checksum


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        ({}, "there are no migrations in "),
        ({"1_one": ""}, "1_one.sql is not named like 0001_what_it_does.sql"),
        ({"0001_One": ""}, "0001_One.sql is not named like"),
        ({"0001_one": "", "0003_three": ""}, "0003_three.sql should have number 0002"),
        ({"0001_one": "", "0001_two": ""}, "0001_two.sql should have number 0002"),
        ({"0002_two": ""}, "0002_two.sql should have number 0001"),
    ],
)
def test_other_names_are_refused(folder, contents, reason):
    with pytest.raises(MigrationError, match=reason):
        files.load(folder(**contents))


def test_every_problem_is_told_at_once(folder):
    with pytest.raises(MigrationError, match=r"0001_one\.sql: beside.*; 0002_Two\.sql is not"):
        files.load(folder(**{"0001_one": f"{INDEX}; SELECT 1", "0002_Two": ""}))


def test_concurrent_indexes_are_found_in_order():
    sql = f"-- not; this one CONCURRENTLY\n{INDEX};\ncreate unique index concurrently\n"
    sql += "if not exists Idx_Two on t\n(lower(c)) -- why\nwhere c is not null;\n"

    found = files.Migration("0001_one.sql", sql).indexes

    assert [index.name for index in found] == ["idx", "idx_two"]
    assert found[0].statement == INDEX
    assert found[1].statement.endswith("where c is not null")


def test_a_comment_makes_no_index_concurrent():
    assert files.Migration("0001_one.sql", "-- CONCURRENTLY\nSELECT 1").indexes == ()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "CREATE INDEX CONCURRENTLY idx ON t (c)",
        "CREATE INDEX idx ON t (c)",
        "DROP INDEX CONCURRENTLY idx",
        "REINDEX INDEX CONCURRENTLY idx",
    ],
)
def test_nothing_else_is_beside_a_concurrent_index(statement):
    made = files.Migration("0001_one.sql", f"{INDEX};\n{statement};")

    with pytest.raises(MigrationError, match=re.escape(f"not `{statement}`")):
        _ = made.indexes
