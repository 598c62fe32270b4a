"""One way to run a program in a test: offline, under a project and stack of its own."""

from collections.abc import Callable
from functools import partial

import pytest

from graph import engine
from graph.model import Graph


@pytest.fixture
def run() -> Callable[..., Graph]:
    return partial(engine.run, project="shop", stack="test", config={"aws:region": "eu-west-1"})
