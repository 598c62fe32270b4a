"""How often a caller may ask, counted in DynamoDB so that all environments count together.

A caller has an item for each minute of the clock: how many requests were admitted in it, and how
many in each of its seconds. A request is admitted if, with those of this minute and those of the
last minute's seconds that may still lie within sixty seconds, the limit holds. The last minute can
no longer change, so the write that counts a request also decides on it. Hence

- no minute of the clock sees more than the limit;
- no other sixty seconds do, but for requests that were being counted as the minute turned;
- a caller waits at most one second longer than the oldest of its requests asks for.

All as far as the environments' clocks agree: AWS keeps them within milliseconds.
The usual estimate, which takes the last minute's requests as evenly spread, allows almost twice
the limit within sixty seconds.
"""

import ipaddress
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from contract.routes import VIEWER_IP_HEADER
from contract.tables import TABLES
from functions.platform_runtime import clients
from functions.platform_runtime.identity.principals import Principal, RateClass
from functions.platform_runtime.responses import Outage, RequestError
from functions.platform_runtime.settings import OnFailure

WINDOW = 60
NONE = (0,) * WINDOW
LIMITS: Mapping[RateClass, int] = {"anonymous": 60, "authenticated": 1000, "api": 100}
TABLE = TABLES["limits"]
CALL_SECONDS = 1.0
"""A limiter that is slow is a limiter that failed."""
REMEMBERED = 10_000
"""Callers of one minute a process keeps in mind; the rest it looks up each time."""
UNAVAILABLE = Outage("limits_unavailable", "Requests cannot be counted, so none are taken.", 5)
CONDITION = "attribute_not_exists(admitted) OR admitted < :room"
COUNT = f"ADD admitted :one, #second :one SET {TABLE.ttl} = if_not_exists({TABLE.ttl}, :ttl)"

Seconds = Sequence[int]
"""How many requests were admitted in each second of a minute."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is left to a caller, and in how many seconds it will be more."""

    rate_class: RateClass
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/"""
        name, limit = self.rate_class, LIMITS[self.rate_class]
        return {
            "ratelimit-policy": f'"{name}";q={limit};w={WINDOW}',
            "ratelimit": f'"{name}";r={self.remaining};t={self.reset_seconds}',
        }


class Limiter:
    """The table of limits. ``on_failure`` says who is admitted when it cannot be asked."""

    def __init__(self, table: str, *, on_failure: OnFailure) -> None:
        self._table, self._on_failure = table, on_failure
        self._minute = 0
        self._before: dict[str, Seconds] = {}
        self._refused: dict[str, int] = {}

    def admit(self, rate_class: RateClass, caller: str) -> Standing | None:
        """Count a request of a caller.

        None says that the table failed and everyone is admitted. Raises RequestError: 429, or 503
        where the table failed and nobody is.
        """
        try:
            return self._admit(rate_class, f"{rate_class}#{caller}", int(time.time()))
        except clients.errors() as error:
            if self._on_failure == "open":
                return None
            raise UNAVAILABLE.refusal() from error

    def _admit(self, rate_class: RateClass, key: str, now: int) -> Standing:
        minute, second = divmod(now, WINDOW)
        self._turn_to(minute)
        if self._refused.get(key, 0) > now:
            raise _too_many(rate_class, self._refused[key] - now)
        limit = LIMITS[rate_class]
        before = self._last_minute(key, minute, second)
        room = limit - sum(before[second:])
        # Without room now there was none earlier in this minute, so nothing of it is counted.
        admitted, seconds = self._count(key, minute, second, room) if room > 0 else (False, NONE)
        if admitted:
            used = limit - room + sum(seconds)
            wait = _seconds_until(used, before, seconds, second)
            return Standing(rate_class=rate_class, remaining=limit - used, reset_seconds=wait)
        wait = _seconds_until(limit, before, seconds, second)
        if len(self._refused) < REMEMBERED:
            # Counts only grow: until then every answer would be the same.
            self._refused[key] = now + wait
        raise _too_many(rate_class, wait)

    def _turn_to(self, minute: int) -> None:
        if minute != self._minute:
            self._minute, self._before = minute, {}
            self._refused = {k: u for k, u in self._refused.items() if u > minute * WINDOW}

    def _last_minute(self, key: str, minute: int, second: int) -> Seconds:
        if key in self._before:
            return self._before[key]
        found = self._client.get_item(
            TableName=self._table, Key=_item(key, minute - 1), ConsistentRead=True
        )
        seconds = _seconds(found.get("Item", {}))
        # In the first second another environment's clock may still be in the minute before.
        if second > 0 and len(self._before) < REMEMBERED:
            self._before[key] = seconds
        return seconds

    def _count(self, key: str, minute: int, second: int, room: int) -> tuple[bool, Seconds]:
        """Whether the request was admitted, and this minute's requests as they are then."""
        try:
            counted = self._client.update_item(
                TableName=self._table,
                Key=_item(key, minute),
                UpdateExpression=COUNT,
                ConditionExpression=CONDITION,
                ExpressionAttributeNames={"#second": f"s{second}"},
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":room": {"N": str(room)},
                    ":ttl": {"N": str((minute + 3) * WINDOW)},
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            return False, _seconds(refused.response.get("Item", {}))
        return True, _seconds(counted["Attributes"])

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401
        return clients.client("dynamodb", seconds=CALL_SECONDS)


@cache
def limiter(table: str, on_failure: OnFailure) -> Limiter:
    """The limiter of a table, the same one each time: it remembers whom it refused."""
    return Limiter(table, on_failure=on_failure)


def caller(principal: Principal | None, headers: Mapping[str, str]) -> str:
    """Whose requests are counted together: a principal's, else those of an address.

    Of an IPv6 address the network counts: every customer has one, and 2^64 addresses in it.
    """
    if principal is not None:
        return principal.subject
    address = headers.get(VIEWER_IP_HEADER, "")
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return "unknown"
    return address if version == 4 else str(ipaddress.ip_network(f"{address}/64", strict=False))


def _item(key: str, minute: int) -> dict[str, dict[str, str]]:
    return {TABLE.partition_key: {"S": f"{key}#{minute}"}}


def _seconds(item: Mapping[str, Mapping[str, str]]) -> Seconds:
    return [int(item.get(f"s{second}", {}).get("N", 0)) for second in range(WINDOW)]


def _seconds_until(used: int, before: Seconds, seconds: Seconds, second: int) -> int:
    """In how many seconds fewer than ``used`` requests count."""
    timeline = [*before[second:], *seconds]
    left = sum(timeline)
    for wait, leaving in enumerate(timeline, start=1):
        left -= leaving
        if left < used:
            return wait
    return WINDOW


def _too_many(rate_class: RateClass, wait: int) -> RequestError:
    standing = Standing(rate_class=rate_class, remaining=0, reset_seconds=wait)
    return RequestError(
        429,
        "rate_limited",
        f"At most {LIMITS[rate_class]} requests a minute; try again in {wait} s.",
        headers={"retry-after": str(wait), **standing.headers()},
    )
