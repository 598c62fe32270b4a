"""Requests against the limits, from one address unless told."""

import pytest

from functions.platform_runtime.responses import RequestError

MINUTE = 1_795_356_000
"""The beginning of one."""


ALICE = "203.0.113.7"


def admitted(limiter, times=1, rate_class="anonymous", caller=ALICE):
    count = 0
    for _ in range(times):
        try:
            limiter.admit(rate_class, caller)
            count += 1
        except RequestError as error:
            if error.status != 429:
                raise
    return count


def refusal(limiter, rate_class="anonymous"):
    with pytest.raises(RequestError) as caught:
        limiter.admit(rate_class, ALICE)
    return caught.value
