"""The chain of the audit trail: one order, and nothing changed unseen."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.maintenance.chain import Broken
from functions.platform_runtime.events.audit import Audit
from tests.functions.platform_runtime.events.trails import act, verdict


@pytest.fixture(autouse=True)
def nothing_pins():
    """Whoever verifies a trail is `maintenance`, which connects past the proxy."""


def test_a_chain_holds_over_transactions_and_its_head_is_the_last_rows_hash(
    trail, database, tables
):
    assert (verdict(database).rows, verdict(database).head) == (0, None)
    act(trail, "one", "two")
    act(trail, "three")

    found = verdict(database)
    (last,) = tables("SELECT sequence, hash FROM audit_logs ORDER BY sequence DESC LIMIT 1")
    assert (found.head.sequence, bytes.fromhex(found.head.hash)) == last
    assert (found.rows, found.broken) == (3, None)


def test_writers_at_the_same_time_make_one_chain(tables, connected):
    writers = [Audit(connected(), "staging") for _ in range(6)]

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda writer: [act(writer, "a", "b") for _ in range(10)], writers))

    found = verdict(connected())
    assert (found.rows, found.broken) == (120, None)
    assert tables("SELECT count(DISTINCT previous_hash) FROM audit_logs") == [(120,)]


OTHER = "is missing or another"
CHANGED = "contents are not"


@pytest.mark.parametrize(
    ("tampering", "sequence", "reason"),
    [
        ("UPDATE audit_logs SET details = '{\"n\": 9}' WHERE sequence = 2", 2, CHANGED),
        ("UPDATE audit_logs SET user_id = NULL WHERE sequence = 2", 2, CHANGED),
        ("UPDATE audit_logs SET action = 'other' WHERE sequence = 1", 1, CHANGED),
        ("UPDATE audit_logs SET resource = 'other' WHERE sequence = 3", 3, CHANGED),
        ("UPDATE audit_logs SET environment = 'x' WHERE sequence = 3", 3, CHANGED),
        ("UPDATE audit_logs SET ip = '203.0.113.8' WHERE sequence = 3", 3, CHANGED),
        ("UPDATE audit_logs SET occurred_at = occurred_at + '1 us' WHERE sequence = 3", 3, CHANGED),
        ("UPDATE audit_logs SET hash = decode(repeat('ab', 32), 'hex') WHERE sequence = 2", 2, ""),
        ("DELETE FROM audit_logs WHERE sequence = 1", 2, OTHER),
        ("DELETE FROM audit_logs WHERE sequence = 2", 3, OTHER),
        ("UPDATE audit_logs SET previous_hash = '' WHERE sequence = 3", 3, OTHER),
    ],
)
def test_the_first_row_that_was_tampered_with_is_named(
    trail, database, tables, tampering, sequence, reason
):
    act(trail, "one", "two", "three", "four", user_id="u", details={"n": 1}, ip="203.0.113.7")
    tables(tampering)

    found = verdict(database)
    assert (found.rows, found.broken.sequence) == (
        tables("SELECT count(*) FROM audit_logs WHERE sequence < %s", sequence)[0][0],
        sequence,
    )
    assert reason in found.broken.reason


def test_a_row_that_was_made_up_is_named(trail, database, tables):
    act(trail, "one")
    tables(
        "INSERT INTO audit_logs (occurred_at, action, resource, environment, previous_hash, hash) "
        "SELECT now(), 'made up', 'x', 'staging', hash, sha256('guess') FROM audit_logs"
    )

    assert verdict(database).broken == Broken(
        sequence=2, reason="its contents are not what was recorded"
    )


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([1e16, 1.0, -0.0, 5e-324, 1e-7, 2**63, -(2**63), 10**400, "\0", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(details=st.dictionaries(st.text(max_size=5), JSON, max_size=3), text=st.text())
def test_whatever_is_recorded_verifies_after_its_way_through_the_database(
    trail, database, details, text
):
    act(trail, text, user_id=text, details=details)

    assert verdict(database).broken is None
