"""What is logged of an error."""

import sys

import psycopg

from functions.platform_runtime.telemetry.log import Formatter

SAID = "private\n\nwords"


def test_postgres_detail_which_quotes_rows_is_left_out(postgres):
    try:
        try:
            with postgres.connect() as connection:
                connection.execute("CREATE TEMP TABLE kept (id int, note text NOT NULL, said text)")
                connection.execute("INSERT INTO kept VALUES (1, NULL, %s)", [SAID])
        except psycopg.Error as error:
            detail = error.diag.message_detail
            raise RuntimeError("could not keep it") from error
    except RuntimeError:
        logged = Formatter().formatException(sys.exc_info())

    assert SAID in detail
    assert 'null value in column "note"' in logged
    assert logged.endswith("RuntimeError: could not keep it")
    assert not any(word in logged for word in SAID.split())
