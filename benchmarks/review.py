"""What a review costs beside an offline preview: ``diff`` of one stack, ``report`` of them all.

In CPU seconds, of all processes. The first time the base's own program is run, from a copy that
nothing has been compiled in; after that its record is kept, until the base is another.
"""

import statistics
import sys

from benchmarks.preview import cpu_seconds
from config.stack import ROOT, names
from tools.review.sources import CACHE

RUNS = 3
STACK = names(ROOT)[0]
GOALS = {"diff": 2.2, "report": 6.0}


def main() -> None:
    """Print, a command a line: medians, and how many previews of one stack that is."""
    tools = [sys.executable, "-m", "tools"]
    preview = [*tools, "preview", STACK]
    cpu_seconds(preview)
    one = statistics.median(cpu_seconds(preview) for _ in range(RUNS))
    print(f"a preview of {STACK}: {one:.2f} CPU seconds, median of {RUNS}; HEAD is the base")
    print(f"{'command':<24}{'first':>7}{'previews':>10}{'again':>7}{'previews':>10}{'goal':>6}")
    for name, stacks in (("diff", [STACK]), ("report", names(ROOT))):
        command = [*tools, name, *stacks, "--base", "HEAD"]
        first = []
        for _ in range(RUNS):
            for kept in (ROOT / CACHE).glob("*.json.gz"):
                kept.unlink()
            first.append(cpu_seconds(command))
        again = [cpu_seconds(command) for _ in range(RUNS)]
        firsts, agains = statistics.median(first), statistics.median(again)
        print(
            f"{f'{name}, {len(stacks)} of {len(names(ROOT))} stacks':<24}{firsts:>7.2f}"
            f"{firsts / one:>10.2f}{agains:>7.2f}{agains / one:>10.2f}{GOALS[name]:>6.1f}"
        )


if __name__ == "__main__":
    main()
