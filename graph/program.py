"""The platform's own program, run offline: the record that tools, benchmarks and tests look at."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from graph.engine import Progress, run
from graph.model import PACKAGE, Graph

ROOT: Final = Path(__file__).resolve().parent.parent
STATELESS: Final = frozenset({"archives", "components", "config", "contract", "layers"})
"""What the program is made of. None of it keeps anything of a run, which a test holds."""


def record(
    stack: str,
    config: Mapping[str, str],
    *,
    unknown: bool = False,
    progress: Progress | None = None,
    root: Path = ROOT,
) -> Graph:
    """What the program in ``root`` declares for a stack so configured; raises as ``run``."""
    return run(
        root / "__main__.py",
        project=PACKAGE,
        stack=stack,
        config=config,
        unknown=unknown,
        progress=progress,
        # The modules of another copy would be taken for these.
        keep=STATELESS if root == ROOT else (),
    )
