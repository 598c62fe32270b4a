"""A copy of the repository to try edits on, and commands as they run there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from config.stack import EXAMPLES, ROOT
from tests.stacks import theirs

PROGRAMS = {
    ".venv/bin/python": (sys.executable,),
    ".venv/bin/pytest": (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
    ".venv/bin/ruff": (sys.executable, "-m", "ruff"),
    ".uv/bin/uv": (str(ROOT / ".uv/bin/uv"),),
}
"""The copy has the code and no environment of its own: it runs in the one this test runs in."""
LEFT_BEHIND = ("PYTEST_", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "MA_PLATFORM_", "UV_")


def copy_to(folder: Path) -> Path:
    """What is tracked, or new and not ignored, but for what whoever deploys has written: its
    stacks are the examples. Its waivers do not end, whatever the day."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file() and not theirs(ROOT / name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    for file in EXAMPLES.glob("Pulumi.*.yaml"):
        shutil.copy(file, folder)
    waivers = (EXAMPLES / "waivers.yaml").read_text()
    for place in ("examples", "policies"):
        endless = re.sub(r"(?m)^( +expires:) .+$", r"\1 2999-12-31", waivers)
        (folder / place / "waivers.yaml").write_text(endless)
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command there, in an environment that knows nothing of this run."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(LEFT_BEHIND)}
    return subprocess.run(
        [*PROGRAMS[command[0]], *command[1:]],
        cwd=folder,
        env={**kept, "UV_CACHE_DIR": str(folder / ".uv-cache"), "UV_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
