"""Without the table of limits; and who a caller is."""

import botocore.exceptions
import pytest

from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.requests import limits
from functions.platform_runtime.requests.limits import Limiter
from tests.functions.platform_runtime.requests.limiting import ALICE, refusal


def failing(limiter, error, monkeypatch):
    def fail(**_):
        raise error

    monkeypatch.setattr(limiter._client, "get_item", fail)


ERRORS = [
    botocore.exceptions.ReadTimeoutError(endpoint_url="https://dynamodb"),
    botocore.exceptions.ClientError({"Error": {"Code": "ThrottlingException"}}, "GetItem"),
]


@pytest.mark.usefixtures("limits_table")
@pytest.mark.parametrize("error", ERRORS)
def test_without_the_table_an_open_limiter_admits_everyone(monkeypatch, error):
    limiter = Limiter("limits", on_failure="open")
    failing(limiter, error, monkeypatch)

    assert limiter.admit("anonymous", ALICE) is None


@pytest.mark.parametrize("error", ERRORS)
def test_without_the_table_a_closed_limiter_admits_nobody(limiter, monkeypatch, error):
    failing(limiter, error, monkeypatch)

    assert (refusal(limiter).status, refusal(limiter).code) == (503, "limits_unavailable")
    assert refusal(limiter).headers == {"retry-after": "5"}


@pytest.mark.parametrize(
    ("principal", "address", "counted"),
    [
        (Principal(subject="user-1", kind="user"), ALICE, "user-1"),
        (None, ALICE, ALICE),
        (None, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, "", "unknown"),
        (None, "made up", "unknown"),
    ],
)
def test_a_caller_is_a_principal_an_address_or_a_network(principal, address, counted):
    assert limits.caller(principal, {"x-viewer-ip": address}) == counted


def test_the_api_gateways_own_idea_of_the_address_counts_for_nothing():
    assert limits.caller(None, {"x-forwarded-for": ALICE}) == "unknown"
