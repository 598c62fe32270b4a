"""The audit trail: with the action or not at all, in one order, and changed by nobody unseen."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import psycopg
import pytest

from functions.platform_runtime.events import audit
from functions.platform_runtime.events.audit import Audit
from functions.platform_runtime.events.redaction import REDACTED
from tests.functions.platform_runtime.events.trails import RESOURCE, act, verdict


@pytest.fixture(autouse=True)
def nothing_pins():
    """Whoever verifies a trail is `maintenance`, which connects past the proxy."""


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_action_and_its_record_commit_together_and_then_it_is_logged(trail, tables, capsys):
    act(
        trail,
        "simulation.create",
        user_id="user-1",
        details={"name": "first", "token": "hunter2"},
        ip="203.0.113.7",
    )

    ((action, user, resource, details, ip, environment, previous, row_hash),) = tables(
        "SELECT action, user_id, resource, details, host(ip), environment, previous_hash, hash "
        "FROM audit_logs"
    )
    assert (action, user, resource, ip) == ("simulation.create", "user-1", RESOURCE, "203.0.113.7")
    assert (details, environment) == ({"name": "first", "token": REDACTED}, "staging")
    assert previous == bytes(32)
    (line,) = lines(capsys)
    assert datetime.fromisoformat(line.pop("timestamp")).utcoffset().total_seconds() == 0
    assert line == {
        "level": "INFO",
        "message": "[AUDIT]",
        "action": "simulation.create",
        "userId": "user-1",
        "resource": RESOURCE,
        "details": {"name": "first", "token": REDACTED},
        "ip": "203.0.113.7",
        "environment": "staging",
        "hash": row_hash.hex(),
    }


def test_an_action_that_fails_leaves_neither_record_nor_line(trail, tables, database, capsys):
    def fail():
        with trail.transaction() as audited:
            audited.record("simulation.create", RESOURCE)
            audited.connection.execute("SELECT 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        fail()

    assert tables("SELECT count(*) FROM audit_logs") == [(0,)]
    assert lines(capsys) == []
    assert verdict(database).broken is None


def test_a_record_that_cannot_be_written_undoes_its_action(trail, tables, monkeypatch):
    monkeypatch.setattr(audit, "INSERT", audit.INSERT.replace("audit_logs", "gone"))
    with pytest.raises(psycopg.errors.UndefinedTable):
        act(trail, "simulation.create")

    assert tables("SELECT count(*) FROM workspaces") == [(0,)]


def test_records_within_a_wider_transaction_are_refused(trail, database):
    with (
        database.transaction(),
        pytest.raises(RuntimeError, match="begin the outer transaction here"),
        trail.transaction(),
    ):
        pass


def test_a_row_locked_by_one_writer_never_makes_another_hold_the_chain(trail, tables, connected):
    """Records are written last: were the chain's lock taken first, these two would deadlock."""
    act(trail, "make")
    other = Audit(connected(), "staging")
    update = "UPDATE workspaces SET name = 'x'"

    def one(writer):
        for _ in range(20):
            with writer.transaction() as audited:
                audited.record("update", RESOURCE)
                audited.connection.execute(update)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(one, [trail, other]))

    assert tables("SELECT count(*) FROM audit_logs") == [(41,)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("made up", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_kept_in_one_spelling_or_not_at_all(trail, tables, database, given, kept):
    act(trail, "one", ip=given)

    assert tables("SELECT host(ip) FROM audit_logs") == [(kept,)]
    assert verdict(database).broken is None
