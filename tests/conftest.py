"""What all processes of a test run share."""

import os
from tempfile import TemporaryDirectory

import pytest

from tests.stacks import SHARED


def pytest_configure(config: pytest.Config) -> None:
    """A folder for the stacks that one process has built and others ask for; workers inherit it."""
    if not hasattr(config, "workerinput"):
        folder = TemporaryDirectory(prefix="stacks-")
        os.environ[SHARED] = folder.name
        config.add_cleanup(folder.cleanup)
