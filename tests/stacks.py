"""Whole stacks through the offline engine, each built once per test run."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from config.problems import KEY, REGION_KEY
from config.stack import ROOT, load, read
from graph.engine import run
from graph.model import Graph

PROJECT = "ma-platform"


@cache
def built(stack: str, *, unknown: bool = False) -> Graph:
    """A stack of the repository, from its file."""
    return run(
        ROOT / "__main__.py",
        project=PROJECT,
        stack=stack,
        config=read(stack).pulumi_config(),
        unknown=unknown,
    )


def declared(values: Mapping[str, Any], *, region: str = "us-east-1") -> Graph:
    """A fifth stack: one that has no file, only what its file would say."""
    load(values, region=region, source="Pulumi.fifth.yaml")
    return _declared(json.dumps(values, sort_keys=True), region)


@cache
def _declared(values: str, region: str) -> Graph:
    return run(
        ROOT / "__main__.py",
        project=PROJECT,
        stack="fifth",
        config={REGION_KEY: region, KEY: values},
    )
