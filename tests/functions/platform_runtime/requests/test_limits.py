"""Limits: what is admitted, when the rest may come back, and what happens without the table."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from moto.dynamodb.models import DynamoDBBackend

from functions.platform_runtime.requests.limits import LIMITS, WINDOW, Limiter
from tests.functions.platform_runtime.requests.limiting import ALICE, MINUTE, admitted, refusal


@pytest.fixture
def atomic(monkeypatch):
    """DynamoDB serialises the writes of an item, as moto does not:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html"""
    lock, write = threading.Lock(), DynamoDBBackend.update_item

    def one_at_a_time(*args, **options):
        with lock:
            return write(*args, **options)

    monkeypatch.setattr(DynamoDBBackend, "update_item", one_at_a_time)


@pytest.mark.parametrize(
    ("rate_class", "limit"), [("anonymous", 60), ("authenticated", 1000), ("api", 100)]
)
def test_the_guides_limits_hold_to_the_request(limiter, limits_table, clock, rate_class, limit):
    clock(3)
    counted = {"admitted": limit - 3, "s2": limit - 3}
    limits_table.put_item(Item={"bucket": f"{rate_class}#{ALICE}#{MINUTE // 60}", **counted})

    assert LIMITS[rate_class] == limit
    assert admitted(limiter, 9, rate_class) == 3


@pytest.mark.usefixtures("small")
def test_an_answer_says_what_is_left_and_when_there_will_be_more(limiter, clock):
    clock(10)
    limiter.admit("anonymous", ALICE)
    clock(25)
    standing = limiter.admit("anonymous", ALICE)

    assert standing.headers() == {
        "ratelimit-policy": '"anonymous";q=6;w=60',
        "ratelimit": '"anonymous";r=4;t=46',
    }


@pytest.mark.usefixtures("small")
def test_a_refusal_says_when_to_come_back_and_then_there_is_room(limiter, clock):
    clock(50)
    assert admitted(limiter, 2) == 2
    clock(55)
    assert admitted(limiter, 9) == 4

    error = refusal(limiter)
    assert (error.status, error.code) == (429, "rate_limited")
    assert error.headers == {
        "retry-after": "56",
        "ratelimit-policy": '"anonymous";q=6;w=60',
        "ratelimit": '"anonymous";r=0;t=56',
    }
    clock(55 + 55)
    assert refusal(limiter).headers["retry-after"] == "1"
    clock(55 + 56)
    assert admitted(limiter, 9) == 2


@pytest.mark.usefixtures("small")
def test_callers_and_classes_are_counted_apart(limiter, clock):
    clock(0)
    assert admitted(limiter, 9) == 6
    assert admitted(limiter, 9, caller="203.0.113.8") == 6
    assert admitted(limiter, 9, "api") == 8


@pytest.mark.usefixtures("small", "atomic")
def test_environments_count_together_and_a_minute_never_sees_more_than_the_limit(
    limits_table, clock
):
    clock(30)
    environments = [Limiter("limits", on_failure="closed") for _ in range(8)]

    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(lambda one: admitted(one, 10, "authenticated"), environments))

    assert sum(counts) == 12
    (item,) = limits_table.scan()["Items"]
    assert (item["admitted"], item["s30"]) == (12, 12)


@pytest.mark.usefixtures("small", "limits_table")
@pytest.mark.parametrize("seed", range(4))
def test_no_sixty_seconds_see_more_than_the_limit_whatever_comes(clock, seed):
    """Bursts, trickles and silences, over environments that come and go."""
    chance = random.Random(seed)  # noqa: S311
    environments = [Limiter("limits", on_failure="closed") for _ in range(3)]
    moment, taken = 0.0, []
    while moment < 4 * WINDOW:
        moment += chance.choice([0.0, 0.0, 0.1, 0.9, 5, 20, 59])
        clock(moment)
        if chance.random() < 0.05:
            environments[0] = Limiter("limits", on_failure="closed")
        taken += [moment] * admitted(chance.choice(environments))

    assert len(taken) >= 12
    for start in taken:
        assert sum(start <= one < start + WINDOW for one in taken) <= 6


@pytest.mark.usefixtures("small")
def test_a_burst_at_the_end_of_a_minute_leaves_the_next_one_nothing_to_begin_with(limiter, clock):
    """Where a count per minute would let through as many again at once."""
    clock(59.9)
    assert admitted(limiter, 9) == 6
    clock(60.1)
    assert admitted(limiter, 9) == 0
    clock(118.9)
    assert admitted(limiter, 9) == 0
    clock(120)
    assert admitted(limiter, 9) == 6


@pytest.mark.usefixtures("small")
def test_a_second_counts_until_its_last_moment_is_sixty_seconds_ago(limiter, clock):
    clock(7.9)
    assert admitted(limiter, 6) == 6
    clock(67.8)
    assert admitted(limiter, 9) == 0
    clock(68)
    assert admitted(limiter, 9) == 6


@pytest.mark.usefixtures("small")
def test_who_keeps_just_below_the_limit_is_never_refused(limiter, clock):
    """Six a minute are one every ten seconds; the precision is a second."""
    assert sum(admitted(limiter) for n in range(30) if not clock(n * 10.2)) == 30
