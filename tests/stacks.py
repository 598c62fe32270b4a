"""Whole stacks through the offline engine, each built once per test run."""

import json
import os
import pickle
import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from config.loading import load
from config.problems import KEY, REGION_KEY
from config.stack import EXAMPLES, ROOT, StackFile, names, read
from graph.model import Graph
from graph.program import record
from policies import waivers

PROJECT = "ma-platform"
SHARED = "MA_PLATFORM_BUILT_STACKS"
"""Names the folder in which the processes of a test run find what another of them has built."""
STACKS = names(EXAMPLES)
WAIVERS = waivers.read(EXAMPLES / "waivers.yaml")
THEIRS = re.compile(rf"{re.escape(str(ROOT))}/(Pulumi\.[^/]+\.yaml|policies/waivers\.yaml)")


def theirs(path: object) -> bool:
    """Whether it is what whoever deploys writes, on which no test may depend."""
    return bool(THEIRS.fullmatch(str(path)))


def example(stack: str) -> StackFile:
    """A stack's file among the examples: those that are deployed are their owners' to change."""
    return read(stack, EXAMPLES)


@cache
def built(stack: str, *, unknown: bool = False) -> Graph:
    """An example, from its file."""
    return _once(stack, example(stack).pulumi_config(), unknown=unknown)


def declared(values: Mapping[str, Any], *, region: str = "us-east-1") -> Graph:
    """A fifth stack: one that has no file, only what its file would say."""
    load(values, region=region, source="Pulumi.fifth.yaml")
    return _declared(json.dumps(values, sort_keys=True), region)


@cache
def _declared(values: str, region: str) -> Graph:
    return _once("fifth", {REGION_KEY: region, KEY: values})


def _once(stack: str, config: Mapping[str, str], *, unknown: bool = False) -> Graph:
    folder = os.environ.get(SHARED)
    if not folder:
        return record(stack, config, unknown=unknown)
    what = json.dumps([stack, config, unknown])
    file = Path(folder) / sha256(what.encode()).hexdigest()
    if not file.exists():
        # Renamed when whole: two that build the same at once make the same of it.
        own = file.with_suffix(f".{os.getpid()}")
        own.write_bytes(pickle.dumps(record(stack, config, unknown=unknown)))
        own.rename(file)
    return pickle.loads(file.read_bytes())  # noqa: S301 - nobody else may write there
