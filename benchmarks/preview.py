"""An offline preview as a whole process, beside importing the same provider services alone.

In CPU seconds: how long it takes depends on what else a machine does. What a process costs per
stack after its first, as in a policy report of them all, is measured in a process of its own.
"""

import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from resource import RUSAGE_CHILDREN, getrusage

from config.stack import ROOT, names, read
from graph.program import record

RUNS = 5
GOAL = 1.5
AGAIN = "from benchmarks.preview import again; again()"


def main() -> None:
    """Print, a stack a line: median seconds, the baseline's, the ratio pair by pair, and those of
    a further build."""
    print(f"offline preview in CPU seconds, median of {RUNS} runs in turn; goal: {GOAL:.2f} times")
    print("the imports. Again: the build alone, in a process that has built all stacks before")
    rounds = [json.loads(_run([sys.executable, "-c", AGAIN])) for _ in range(RUNS)]
    print(f"{'stack':<12}{'resources':>10}{'preview':>9}{'imports':>9}{'ratio':>7}{'again':>7}")
    for stack in names(ROOT):
        command = [sys.executable, "-m", "tools", "preview", stack, "--json"]
        resources = json.loads(_run(command))["resources"]
        imports = [sys.executable, "-c", _imports({r["type"] for r in resources})]
        _run(imports)
        pairs = [(cpu_seconds(command), cpu_seconds(imports)) for _ in range(RUNS)]
        ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
        ratio = statistics.median(one / other for one, other in pairs)
        again = statistics.median(each[stack] for each in rounds)
        print(
            f"{stack:<12}{len(resources):>10}{ours:>9.2f}{theirs:>9.2f}{ratio:>7.2f}{again:>7.2f}"
        )


def again() -> None:
    """Write what each stack costs in this process after all of them."""
    gc.disable()
    for _ in range(2):
        costs = {stack: _cost(stack) for stack in names(ROOT)}
    print(json.dumps(costs))


def _cost(stack: str) -> float:
    start = time.process_time()
    record(stack, read(stack, ROOT).pulumi_config())
    return time.process_time() - start


def _imports(types: set[str]) -> str:
    """A program that touches the services of these types, as the preview's process does."""
    services = {kind.split(":")[1].split("/")[0] for kind in types if kind.startswith("aws:")}
    lines = [f"aws.{'lambda_' if name == 'lambda' else name}.__dir__()" for name in services]
    return "\n".join(["import gc; gc.disable()", "import pulumi_aws as aws", *sorted(lines)])


def cpu_seconds(command: Sequence[str]) -> float:
    """What a command and all it starts take of the processors, in the kernel too."""
    before = getrusage(RUSAGE_CHILDREN)
    _run(command)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _run(command: Sequence[str]) -> bytes:
    # As make does: modules are compiled once, for both sides.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment, check=True, capture_output=True
    ).stdout


if __name__ == "__main__":
    main()
