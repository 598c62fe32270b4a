"""What all processes of a test run share, and what makes them quick."""

import gc
import os
import sys
from collections import Counter
from tempfile import TemporaryDirectory

import pytest

from tests.stacks import SHARED, theirs

YOUNG = 10_000
"""New objects before the collector looks: at Python's 700 it goes over the SDKs' models, most of
a process and none of it garbage, so often that it takes a third of the run."""
SHARED_NAMES = pytest.StashKey[set[str]]()


def closed(event: str, arguments: tuple[object, ...]) -> None:
    """Refuses to open these files: https://docs.python.org/3/library/audit_events.html"""
    if event == "open" and theirs(arguments[0]):
        raise PermissionError(f"{arguments[0]} is not for tests: they stand on examples/")


def pytest_configure(config: pytest.Config) -> None:
    """A folder for the stacks that one process has built and others ask for; workers inherit it."""
    gc.set_threshold(YOUNG)
    sys.addaudithook(closed)
    if not hasattr(config, "workerinput"):
        folder = TemporaryDirectory(prefix="stacks-")
        os.environ[SHARED] = folder.name
        config.add_cleanup(folder.cleanup)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    names = Counter(item.nodeid for item in items)
    config.stash[SHARED_NAMES] = {name for name, tests in names.items() if tests > 1}


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.nodeid in item.config.stash[SHARED_NAMES]:
        pytest.fail("of several tests of one name xdist runs one: give each its own", pytrace=False)


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end."""
    gc.collect()
    gc.freeze()
