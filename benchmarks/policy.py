"""The policy pack over whole stacks in one process, beside reading the same record as JSON."""

import gc
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from config.stack import ROOT, names, read
from graph import program
from policies.rules import RULES
from policies.waivers import read as read_waivers
from tools.review.policy import judge

RUNS = 15


def main() -> None:
    """Print, a stack a line: median milliseconds of CPU of the pack and of the JSON, and the ratio.

    CPU, because other work on the machine is no part of the pack.
    """
    today, waivers = datetime.now(UTC).date(), read_waivers()
    gc.freeze()
    print(f"{len(RULES)} rules, median CPU of {RUNS} runs in turn")
    print(f"{'stack':<12}{'resources':>10}{'pack ms':>10}{'json ms':>10}{'ratio':>8}")
    for stack in names(ROOT):
        graph = program.record(stack, read(stack, ROOT).pulumi_config())
        judged = partial(judge, graph, today=today, waivers=waivers)
        parsed = partial(json.loads, json.dumps(graph.to_json()))
        pairs = [(_milliseconds(judged), _milliseconds(parsed)) for _ in range(RUNS)]
        ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
        count = len(graph.resources)
        print(f"{stack:<12}{count:>10}{ours:>10.1f}{theirs:>10.1f}{ours / theirs:>8.1f}")


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000
