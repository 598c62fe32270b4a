"""Runs a few components through the offline engine, for asserts on what they registered."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from components.context import Context
from config.sections import Logs
from graph.engine import run
from graph.model import Graph

ACCOUNT = "123456789012"
KEY = "arn:aws:kms:us-east-1:123456789012:key/test"
REGION = "us-east-1"

CONTEXT = Context(
    account_id=ACCOUNT,
    region=REGION,
    identifier="ma-platform-test",
    key_arn=KEY,
    logs=Logs(retention_days=30),
    protect=False,
)


def context(**changes: Any) -> Context:
    """An unprotected stack's, unless changed."""
    return replace(CONTEXT, **changes)


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
