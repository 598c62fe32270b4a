"""What is said on stderr while somebody waits: overwritten on a terminal, lines elsewhere."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graph.engine import Progress

PATIENCE_SECONDS: Final = 10
"""Three times a run; the first one compiles all that it imports, and takes longer."""


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Say what is being done, each in its turn."""
    if not sys.stderr.isatty():
        yield lambda step: print(step, file=sys.stderr, flush=True)
        return
    try:
        yield lambda step: print(f"\r\033[K{step}", end="", file=sys.stderr, flush=True)
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


@contextmanager
def counted(stack: str) -> Iterator["Progress | None"]:
    """Count a stack's resources; whoever watches no terminal is told once, if it takes long."""
    with steps() as say:
        if sys.stderr.isatty():
            say(f"{stack}: starting")
            yield lambda count, _urn: say(f"{stack}: {count} resources")
            return
        late = f"{stack}: still running the program; a first run compiles what it imports"
        timer = threading.Timer(PATIENCE_SECONDS, say, [late])
        timer.daemon = True
        timer.start()
        try:
            yield None
        finally:
            timer.cancel()
