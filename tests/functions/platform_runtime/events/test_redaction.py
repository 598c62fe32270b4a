"""What never gets into the trail: secrets and people, whatever they are called."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from functions.platform_runtime.events.redaction import REDACTED, redacted, storable


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "newPassword",
        "client_secret",
        "API-KEY",
        "x-api-key",
        "refreshToken",
        "Authorization",
        "Set-Cookie",
        "privateKey",
        "email",
        "userEmail",
        "phone_number",
        "firstName",
        "date_of_birth",
        "postalAddress",
        "iban",
        "cardNumber",
    ],
)
def test_a_key_that_names_a_secret_or_a_person_hides_its_value(key):
    assert redacted({key: {"deep": 1}, "list": [{key: "value"}]}) == {
        key: REDACTED,
        "list": [{key: REDACTED}],
    }


@pytest.mark.parametrize(
    "value",
    [
        "Authorization: Bearer abcdef.ghijkl",
        "ApiKey 0123456789abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "AKIAIOSFODNN7EXAMPLE",
        "alice@example.com",
        "postgresql://user:hunter2@host/db",
    ],
)
def test_a_secret_in_a_text_is_hidden_whatever_its_key(value):
    hidden = redacted({"note": f"before {value} after"})["note"]

    assert REDACTED in hidden
    assert hidden.startswith("before ")
    assert not any(part in hidden for part in ("abcdef", "eyJ", "AKIA", "alice", "hunter2"))


def test_what_is_no_secret_is_kept():
    details = {"name": "run 7", "status": ["pending", "running"], "bytes": 12, "by": "user-1"}

    assert redacted(details) == details


def test_nesting_without_end_is_cut_off():
    deep = {"a": None}
    deep["a"] = deep

    assert "[too deep]" in json.dumps(redacted(deep))


def test_other_kinds_of_values_become_texts():
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    given = {"id": UUID(int=1), "at": moment, "cost": Decimal("1.50"), "raw": b"abc", "set": {1}}

    assert storable(given) == {
        "id": "00000000-0000-0000-0000-000000000001",
        "at": "2026-11-22 00:00:00+00:00",
        "cost": "1.50",
        "raw": "[3 bytes]",
        "set": [1],
    }
