"""When RDS backs up and maintains the database, in minutes of a week that begins on Monday, UTC."""

from collections.abc import Iterable

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Span = tuple[int, int]
"""Start and length."""


def daily(window: str) -> list[Span]:
    """The spans of a window such as ``23:30-00:30``, one a day."""
    start, end = map(_minutes, window.split("-"))
    length = (end - start) % DAY_MINUTES
    return [(day * DAY_MINUTES + start, length) for day in range(len(WEEKDAYS))]


def weekly(window: str) -> Span:
    """The span of a window such as ``sun:23:30-mon:00:30``."""
    start, end = map(_minutes_of_week, window.split("-"))
    return start, (end - start) % WEEK_MINUTES


def overlap(spans: Iterable[Span], others: Iterable[Span]) -> bool:
    """Whether any of these falls into any of the others; one may run on into the next week."""
    known = [*others]
    return any(
        (start - other) % WEEK_MINUTES < other_length or (other - start) % WEEK_MINUTES < length
        for start, length in spans
        for other, other_length in known
    )


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _minutes_of_week(time: str) -> int:
    day, _, rest = time.partition(":")
    return WEEKDAYS.index(day) * DAY_MINUTES + _minutes(rest)
