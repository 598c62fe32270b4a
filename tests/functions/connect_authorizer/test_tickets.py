"""Tickets in their table: kept as hashes, taken once, also when many try at the same moment."""

import hashlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from moto.dynamodb.models import DynamoDBBackend

from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.identity.tickets import Claims, is_topic

ADA = Principal(subject="ada", kind="user", expires=1795356000)


@pytest.fixture
def serialised(monkeypatch):
    """moto as atomic as DynamoDB is: it looks and deletes in two steps, DynamoDB in one."""
    lock, delete = threading.Lock(), DynamoDBBackend.delete_item

    def delete_item(*args, **options):
        with lock:
            return delete(*args, **options)

    monkeypatch.setattr(DynamoDBBackend, "delete_item", delete_item)


def test_a_ticket_is_kept_as_its_hash_with_its_claims_for_a_minute(tickets, table):
    made = tickets.issue(ADA, ["w1", "w2"])

    assert 58 < made.expires_at - time.time() <= 60
    assert table.scan()["Items"] == [
        {
            "ticket_hash": hashlib.sha256(made.ticket.encode()).hexdigest(),
            "expires_at": made.expires_at,
            "subject": "ada",
            "kind": "user",
            "expires": "1795356000",
            "workspaces": "w1,w2",
        }
    ]


@pytest.mark.parametrize(
    ("principal", "workspaces"),
    [
        (ADA, ("w1", "w2")),
        (ADA, ()),
        (Principal(subject="api-key:1", kind="api", workspace="w1"), ("w1",)),
    ],
)
def test_a_ticket_stands_for_its_claims_once(tickets, table, principal, workspaces):
    made = tickets.issue(principal, workspaces)

    assert tickets.redeem(made.ticket) == Claims(principal=principal, workspaces=workspaces)
    assert table.scan()["Count"] == 0
    assert tickets.redeem(made.ticket) is None


@pytest.mark.usefixtures("serialised")
def test_of_many_at_the_same_moment_one_has_it(tickets):
    runners = 8
    for _ in range(10):
        made, start = tickets.issue(ADA, []), threading.Barrier(runners)

        def redeem(_, ticket=made.ticket, start=start):
            start.wait()
            return tickets.redeem(ticket)

        with ThreadPoolExecutor(runners) as pool:
            outcomes = list(pool.map(redeem, range(runners)))

        assert sum(outcome is not None for outcome in outcomes) == 1


def test_another_ticket_is_left_alone(tickets):
    one, other = (tickets.issue(ADA, []) for _ in range(2))

    assert one.ticket != other.ticket
    assert tickets.redeem("\ud800") is None
    assert tickets.redeem(one.ticket) is not None
    assert tickets.redeem(other.ticket) is not None


def test_more_workspaces_than_an_authorizers_answer_holds_are_refused(tickets):
    tickets.issue(ADA, ["w"] * 100)

    with pytest.raises(ValueError, match="at most 100 workspaces"):
        tickets.issue(ADA, ["w"] * 101)


def test_claims_give_the_topics_of_their_workspaces():
    claims = Claims(principal=ADA, workspaces=("w1", "w2"))

    assert claims.topics == {"workspace#w1", "workspace#w2"}
    assert all(is_topic(topic) for topic in claims.topics)


@pytest.mark.parametrize(
    "text", ["", "connection", "workspace#", "workspace#a b", "workspace#" + "a" * 65]
)
def test_what_is_no_topic(text):
    assert not is_topic(text)
