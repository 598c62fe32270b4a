"""What the functions' role may do with the outbox: each of it is needed."""

import pytest
from psycopg.errors import InsufficientPrivilege

from functions.platform_runtime.events import outbox
from functions.platform_runtime.events.outbox import relay


@pytest.mark.parametrize("right", ["SELECT", "INSERT", "UPDATE", "DELETE"])
def test_without_any_of_its_rights_no_event_gets_through(app, sql, table, right):  # noqa: ARG001
    def one_gets_through():
        with app.database().transaction() as connection:
            outbox.add(connection, "workspace#w1", {"n": 1})
        assert relay(app.database(), app.events()).relayed == 1

    one_gets_through()
    sql(f"REVOKE {right} ON outbox FROM platform_app")
    try:
        with pytest.raises(InsufficientPrivilege):
            one_gets_through()
    finally:
        sql(f"GRANT {right} ON outbox TO platform_app")
