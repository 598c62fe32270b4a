"""The WebSocket's authorizer: one connection for a ticket, none for anything else."""

import time

import pytest

from functions.platform_runtime.identity.principals import Principal

ARN = "arn:aws:execute-api:us-east-1:123456789012:f6g7h8i9j0/ws/$connect"
LATER = int(time.time()) + 3600
ADA = Principal(subject="ada", kind="user", expires=LATER)


def answer(effect, principal_id, context):
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": ARN}
    return {
        "principalId": principal_id,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }


DENIED = answer("Deny", "nobody", {})


def test_a_ticket_opens_a_connection_for_whom_it_was_made(connect, tickets):
    ticket = tickets.issue(ADA, ["w1", "w2"]).ticket

    context = {"subject": "ada", "kind": "user", "expires": str(LATER), "workspaces": "w1,w2"}
    assert connect(ticket) == answer("Allow", "ada", context)


def test_a_ticket_opens_no_second_connection(connect, tickets, log):
    ticket = tickets.issue(ADA, ["w1"]).ticket
    connect(ticket)

    assert connect(ticket) == DENIED
    assert '"code":"ticket_refused"' in log()


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X-Origin-Verify": "guess"}, "origin_refused"),
        ({"X-Origin-Verify": None}, "origin_refused"),
        ({"Origin": "https://evil.example.com"}, "web_origin_refused"),
        ({"Origin": "https://app.example.com.evil.example.com"}, "web_origin_refused"),
        ({"Origin": ""}, "web_origin_refused"),
        ({"Origin": None}, "web_origin_refused"),
    ],
)
def test_a_refused_origin_leaves_the_ticket_for_its_owner(connect, tickets, log, headers, code):
    ticket = tickets.issue(ADA, ["w1"]).ticket

    assert connect(ticket, **headers) == DENIED
    lines = log()
    assert f'"code":"{code}"' in lines
    assert "UJ3kyccXoAMCJmA=" in lines
    assert ticket not in lines
    assert connect(ticket)["principalId"] == "ada"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Origin-Verify": "previous-secret"},
        {"X-Origin-Verify": None, "x-origin-verify": "current-secret"},
        {"Origin": "http://localhost:5173"},
    ],
)
def test_every_valid_origin_is_let_in(connect, tickets, headers):
    assert connect(tickets.issue(ADA, []).ticket, **headers)["principalId"] == "ada"


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    ("ticket", "code"),
    [(None, "ticket_required"), ("", "ticket_required"), ("made-up", "ticket_refused")],
)
def test_no_ticket_is_no_connection(connect, log, ticket, code):
    assert connect(ticket) == DENIED
    assert f'"code":"{code}"' in log()


def test_a_ticket_is_late_after_a_minute(connect, tickets, monkeypatch):
    now = time.time()
    early, late = (tickets.issue(ADA, []).ticket for _ in range(2))

    monkeypatch.setattr(time, "time", lambda: now + 58)
    assert connect(early)["principalId"] == "ada"
    monkeypatch.setattr(time, "time", lambda: now + 60)
    assert connect(late) == DENIED


def test_a_ticket_is_no_longer_good_than_the_token_it_was_made_for(connect, tickets):
    ended = Principal(subject="ada", kind="user", expires=int(time.time()) - 1)

    assert connect(tickets.issue(ended, []).ticket) == DENIED
