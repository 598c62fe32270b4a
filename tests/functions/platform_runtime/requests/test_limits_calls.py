"""How often the table of limits is asked, and how long it keeps what it was told."""

import pytest

from functions.platform_runtime.requests.limits import WINDOW
from tests.functions.platform_runtime.requests.limiting import ALICE, MINUTE, admitted, refusal


@pytest.mark.usefixtures("small")
def test_an_unlucky_caller_costs_no_more_calls_until_the_time_told(limiter, clock):
    clock(5)
    admitted(limiter, 9)
    calls = []
    limiter._client.meta.events.register("before-call", lambda **_: calls.append(1))

    assert refusal(limiter).headers["retry-after"] == "61"
    clock(60)
    assert refusal(limiter).headers["retry-after"] == "6"
    assert calls == []
    clock(66)
    assert admitted(limiter) == 1


def test_the_minute_before_is_read_once_it_can_no_longer_change(limiter, clock):
    calls = []
    limiter._client.meta.events.register("before-call", lambda model, **_: calls.append(model.name))
    clock(60)
    admitted(limiter, 2)
    clock(61)
    admitted(limiter, 3)

    assert calls.count("GetItem") == 3
    assert calls.count("UpdateItem") == 5


def test_an_item_expires_when_nothing_asks_for_it_any_more(limiter, clock, limits_table):
    clock(59)
    admitted(limiter)
    (item,) = limits_table.scan()["Items"]

    assert item["bucket"] == f"anonymous#{ALICE}#{MINUTE // 60}"
    assert item["expires_at"] == MINUTE + 3 * WINDOW
