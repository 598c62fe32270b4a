"""What a new Lambda environment imports for each function, beside importing boto3 alone."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from archives import archive
from config.stack import ROOT
from contract.function import Function
from contract.functions import FUNCTIONS

RUNS = 7
BASELINE = "boto3"
# Importing counts, compiling does not: Lambda's own layers come compiled, and so does a second run.
PROGRAM = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def main() -> None:
    """Print, a function a line: median milliseconds, the ratio run by run, megabytes of its zip."""
    print(f"import of each handler, median of {RUNS} runs in turn with {BASELINE}")
    print(f"{'function':<20}{'import ms':>10}{f'{BASELINE} ms':>10}{'ratio':>8}{'zip MB':>8}")
    with tempfile.TemporaryDirectory() as caches:
        for function in FUNCTIONS.values():
            module = function.handler.rpartition(".")[0]
            for name in (module, BASELINE):
                _seconds(name, caches)
            pairs = [(_seconds(module, caches), _seconds(BASELINE, caches)) for _ in range(RUNS)]
            ours, theirs = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
            ratio = statistics.median(one / other for one, other in pairs)
            print(
                f"{function.name:<20}{ours:>10.0f}{theirs:>10.0f}{ratio:>8.2f}{_zip_mb(function):>8}"
            )
    print("-: not built from these sources; `make package` does")


def _seconds(module: str, caches: str) -> float:
    """Seconds one new interpreter takes to import a module."""
    environment = os.environ | {"PYTHONPYCACHEPREFIX": caches}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", PROGRAM.format(module)]
    # S603: the names are the contract's own.
    result = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return float(result.stdout)


def _zip_mb(function: Function) -> str:
    """The archive's size, if it has been built as the sources are now."""
    built: Path = archive.path(function, ROOT)
    return f"{built.stat().st_size / 1e6:.2f}" if built.exists() else "-"


if __name__ == "__main__":
    main()
