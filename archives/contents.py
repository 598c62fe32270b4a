"""What is made of a file's contents, once for all who ask while the file stays as it is."""

import os
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

Made = TypeVar("Made")
State = tuple[int, ...]

SETTLED: Final = 2.0
"""Seconds after which a change shows in a file's times: the clock of some file systems ticks every
other second, as in git's own index (https://git-scm.com/docs/racy-git)."""

_made: dict[tuple[str, Callable[[bytes], Any]], tuple[State, Any]] = {}


def made(file: str | os.PathLike[str], make: Callable[[bytes], Made]) -> Made:
    """What ``make`` makes of the file as it is now."""
    path, found = os.fspath(file), os.stat(file)
    state = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    before = _made.get((path, make))
    if before and before[0] == state:
        known: Made = before[1]
        return known
    with open(path, "rb") as stream:
        new = make(stream.read())
    if time.time() - max(found.st_mtime, found.st_ctime) > SETTLED:
        _made[path, make] = state, new
    return new
