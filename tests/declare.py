"""Runs a few components through the offline engine, for asserts on what they registered."""

from collections.abc import Callable, Mapping
from typing import Any

from graph.engine import run
from graph.model import Graph

ACCOUNT = "123456789012"
KEY = "arn:aws:kms:us-east-1:123456789012:key/test"
REGION = "us-east-1"


def declare(program: Callable[[], object], *, unknown: bool = False) -> Graph:
    """Everything ``program`` registers."""
    return run(
        program,
        project="ma-platform",
        stack="test",
        config={"aws:region": REGION},
        unknown=unknown,
    )


def inputs(graph: Graph, token: str) -> dict[str, Mapping[str, Any]]:
    """Inputs by name of the resources of one type."""
    return {resource.name: resource.inputs for resource in graph.by_type(token)}
