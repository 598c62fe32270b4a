"""A real engine around a copy of the program: a state of its own in a temporary folder, no network.

The CLI is the one on PATH. It finds stand-ins for the providers there too, and downloads nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.stack import EXAMPLES

ROOT = Path(__file__).resolve().parents[2]
PROVIDER = Path(__file__).with_name("provider.py")

# Without a pyproject.toml beside the program, the CLI syncs nothing into the environment.
LEFT_OUT = shutil.ignore_patterns(
    *(".*", "__pycache__", "build", "tests", "benchmarks", "docs", "pyproject.toml"),
    *("examples", "Pulumi.*.yaml", "waivers.yaml"),
)

PLUGIN = """#!/bin/sh
PYTHONPATH="{root}" exec "{python}" "{provider}" {package}
"""


@dataclass(frozen=True)
class Stack:
    """One stack of a copy of the program."""

    name: str
    program: Path
    environment: Mapping[str, str]

    def pulumi(self, *command: str) -> subprocess.CompletedProcess[str]:
        options = ["--stack", self.name, "--non-interactive", "--color", "never"]
        return self._run("pulumi", *command, *options)

    @cached_property
    def record(self) -> list[dict[str, Any]]:
        """The resources that the offline engine has of the same copy."""
        preview = self._run(sys.executable, "-m", "tools", "preview", self.name, "--json")
        assert preview.returncode == 0, preview.stderr
        return json.loads(preview.stdout)["resources"]

    def package(self) -> Stack:
        """Put an archive wherever one is declared: an engine hashes it, only AWS would run it."""
        for resource in self.record:
            if resource["type"] == "aws:lambda/function:Function":
                archive = self.program / resource["inputs"]["code"]["path"]
                archive.parent.mkdir(exist_ok=True)
                with zipfile.ZipFile(archive, "w") as content:
                    content.writestr(f"{resource['name']}.py", "")
        return self

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.program,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All the CLI is told: nothing of the caller's credentials, proxies or settings."""
    home = tmp_path_factory.mktemp("engine")
    path = os.pathsep.join([str(plugins(home / "bin")), os.environ["PATH"], str(ROOT / ".uv/bin")])
    for command in ("pulumi", "uv"):
        if shutil.which(command, path=path) is None:
            pytest.skip(f"no {command} on PATH: the program ran under the offline engine only")
    return {
        "PATH": path,
        "HOME": str(home),
        "PULUMI_HOME": str(home / "pulumi"),
        "PULUMI_CONFIG_PASSPHRASE": "correct horse battery staple",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "UV_OFFLINE": "1",
        "UV_PROJECT_ENVIRONMENT": sys.prefix,
    }


def plugins(folder: Path) -> Path:
    folder.mkdir()
    for package in ("aws", "random"):
        script = folder / f"pulumi-resource-{package}"
        script.write_text(
            PLUGIN.format(root=ROOT, python=sys.executable, provider=PROVIDER, package=package)
        )
        script.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def stack(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Stack]:
    """Make a new stack from the example of that name, in a copy the CLI may write to."""

    def make(name: str) -> Stack:
        folder = tmp_path_factory.mktemp(name)
        program, state = folder / "program", folder / "state"
        state.mkdir()
        shutil.copytree(ROOT, program, ignore=LEFT_OUT)
        shutil.copy(EXAMPLES / f"Pulumi.{name}.yaml", program)
        shutil.copy(EXAMPLES / "waivers.yaml", program / "policies")
        only_config(program / f"Pulumi.{name}.yaml")
        made = Stack(name, program, {**environment, "PULUMI_BACKEND_URL": f"file://{state}"})
        made.pulumi("stack", "init").check_returncode()
        return made

    return make


def only_config(file: Path) -> None:
    """Drop what ties a stack file to its own backend: salt, keys, environments."""
    content = yaml.safe_load(file.read_text())
    file.write_text(yaml.safe_dump({"config": content["config"]}))
