"""An offline preview as a whole process, beside importing the same provider services alone."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from config.stack import ROOT, names

RUNS = 5


def main() -> None:
    """Print, a stack a line: median seconds, the baseline's, and the ratio pair by pair."""
    print(f"offline preview, median of {RUNS} runs in turn")
    print(f"{'stack':<12}{'resources':>10}{'preview s':>11}{'imports s':>11}{'ratio':>8}")
    for stack in names():
        command = [sys.executable, "-m", "tools", "preview", stack, "--json"]
        resources = json.loads(_run(command))["resources"]
        imports = [sys.executable, "-c", _imports({r["type"] for r in resources})]
        pairs = [(_seconds(command), _seconds(imports)) for _ in range(RUNS)]
        ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
        ratio = statistics.median(one / other for one, other in pairs)
        print(f"{stack:<12}{len(resources):>10}{ours:>11.2f}{theirs:>11.2f}{ratio:>8.2f}")


def _imports(types: set[str]) -> str:
    """A program that touches the services of these types, as the preview's process does."""
    services = {kind.split(":")[1].split("/")[0] for kind in types if kind.startswith("aws:")}
    lines = [f"aws.{'lambda_' if name == 'lambda' else name}.__dir__()" for name in services]
    return "\n".join(["import gc; gc.disable()", "import pulumi_aws as aws", *sorted(lines)])


def _seconds(command: Sequence[str]) -> float:
    start = time.perf_counter()
    _run(command)
    return time.perf_counter() - start


def _run(command: Sequence[str]) -> bytes:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603
