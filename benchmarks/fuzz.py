"""Ten thousand requests made from the OpenAPI document, beside only making as many."""

import contextlib
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

CASES = 10_000


def main(cases: int = CASES) -> None:
    """Print what was answered, how fast, and each failure; any ends the run with status 1."""
    # The tests' own harness, without types: it is only there where the tests are.
    fuzzing: Any = import_module("tests.functions.modules.fuzzing")
    with fuzzing.opened() as target:
        operations = [found.ok() for found in target.schema.get_all_operations()]
        each = -(-cases // len(operations))
        print(f"{len(operations)} operations, {each} requests each")
        made, alone, _ = _run(operations, target.cases, each, lambda _: None)
        with contextlib.redirect_stdout(io.StringIO()):
            sent, whole, failures = _run(operations, target.cases, each, target.send)
    print(f"{sent} requests in {whole:.0f} s; making {made} takes {alone:.0f} s")
    print(f"{(whole - alone) / sent * 1000:.1f} ms in the platform, each")
    for status, count in sorted(target.statuses.items()):
        print(f"  {status}{count:>8}")
    for operation, failure in failures.items():
        print(f"{operation}: {failure}")
    if failures or sent < cases:
        raise SystemExit(f"{len(failures)} operations failed, {sent} of {cases} requests sent")


def _run(
    operations: list[Any], cases: Callable[[Any], Any], each: int, send: Callable[[Any], None]
) -> tuple[int, float, dict[str, str]]:
    """How many were sent, in how many seconds, and what failed by operation."""
    sent, failures = 0, {}
    start = time.perf_counter()
    for operation in operations:
        count = _Count(send)
        attempt = _attempt(cases(operation), each, count)
        try:
            # An operation without input has one request, which is made again and again.
            while count.sent < each:
                attempt()
        except Exception as failure:
            failures[operation.label] = str(failure)
        sent += count.sent
    return sent, time.perf_counter() - start, failures


@dataclass
class _Count:
    send: Callable[[Any], None]
    sent: int = 0

    def __call__(self, case: object) -> None:
        self.sent += 1
        self.send(case)


def _attempt(cases: Any, each: int, send: Callable[[Any], None]) -> Callable[[], None]:  # noqa: ANN401
    from hypothesis import HealthCheck, Phase, given, seed, settings

    @seed(0)
    @settings(
        max_examples=each,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def attempt(case: object) -> None:
        send(case)

    return attempt


if __name__ == "__main__":
    main()
