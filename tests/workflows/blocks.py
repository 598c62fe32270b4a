"""Runs the commands of a workflow's step as GitHub's runner does, with stand-ins on PATH."""

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from config.stack import ROOT

GITHUB = ROOT / ".github"
STAND_INS = ("gh", "make", "pulumi", "python")
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")

STAND_IN = """#!{python} -SE
import json, os, subprocess, sys
call = [os.path.basename(sys.argv[0]), *sys.argv[1:]]
with open({calls!r}, "a+") as log:
    log.seek(0)
    before = [json.loads(line) for line in log]
    log.write(json.dumps(call) + "\\n")
said = lambda call, start: " ".join(call).startswith(start)
for start, scripts in json.load(open({answers!r})).items():
    if said(call, start):
        script = scripts[min(sum(said(c, start) for c in before), len(scripts) - 1)]
        break
else:
    script = ":"
done = subprocess.run(["bash", "-c", script, *call], stdout=subprocess.PIPE)
out = done.stdout
if "--jq" in call and done.returncode == 0:
    query = call[call.index("--jq") + 1]
    out = subprocess.run(["jq", "-r", query], input=out, stdout=subprocess.PIPE, check=True).stdout
sys.stdout.buffer.write(out)
sys.exit(done.returncode)
"""
"""Notes each call, and answers by the script of what its words begin with: the first time by the
first, then by the next, at last by the last again. ``--jq`` is the real one."""

DEFAULTS = {
    "fromJSON(inputs.stack).stack": "prod",
    "fromJSON(inputs.stack).environment": "production",
    "fromJSON(inputs.stack).delivery.environment": "production",
    "github.event.workflow_run.head_repository.full_name": "guest/platform",
    "github.event.workflow_run.head_sha": "5ca1ab1e",
    "github.event.workflow_run.html_url": "https://github.com/acme/platform/actions/runs/7",
    "github.event.workflow_run.id": "7",
    "github.token": "a-token",
    "inputs.backend": "s3://example-pulumi-state?region=us-east-1",
    "inputs.branch": "main",
    "inputs.command": "release",
    "inputs.digest": "",
    "inputs.id": "",
    "inputs.repository": "acme/site",
    "inputs.run": "41",
    "inputs.stack": "prod",
    "matrix.stack.stack": "prod",
    "needs.plan.outputs.digest": "d16e57",
    "needs.plan.outputs.merged": "",
    "secrets.SITE_TOKEN || github.token": "a-token",
    "steps.drift.outputs.found": "1",
    "steps.find.outputs.number": "12",
    "steps.gate.outputs.digest": "d16e57",
}
"""What an expression of a step's environment is, where a test says nothing else."""


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Each workflow and each action by its name; YAML's ``on`` is a boolean to YAML 1.1."""
    files = {path.stem: path for path in sorted(GITHUB.glob("workflows/*.yml"))}
    files |= {
        f"actions/{path.parent.name}": path for path in sorted(GITHUB.glob("actions/*/*.yml"))
    }
    return {name: yaml.safe_load(path.read_text()) for name, path in files.items()}


@dataclass(frozen=True, kw_only=True)
class Block:
    """A step that runs commands, with all that is around it."""

    document: dict[str, Any]
    job: dict[str, Any]
    step: dict[str, Any]

    @property
    def shell(self) -> str | None:
        given = (self.step, self.job.get("defaults", {}).get("run", {}))
        given += (self.document.get("defaults", {}).get("run", {}),)
        return next((each["shell"] for each in given if "shell" in each), None)

    @property
    def environment(self) -> dict[str, str]:
        levels = (self.document, self.job, self.step)
        return {key: str(value) for each in levels for key, value in each.get("env", {}).items()}


@cache
def blocks() -> dict[str, Block]:
    """Every step that runs commands, as ``workflow / job / step``."""
    found = {}
    for name, document in documents().items():
        jobs = {name: document["runs"]} if "runs" in document else document["jobs"]
        for key, job in jobs.items():
            for step in job.get("steps", ()):
                if "run" in step:
                    path = (name,) if "runs" in document else (name, key)
                    title = " / ".join((*path, step["name"]))
                    assert title not in found
                    found[title] = Block(document=document, job=job, step=step)
    return found


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What a step did: its end, its calls, and what it told GitHub."""

    status: int
    said: str
    calls: list[str]
    outputs: dict[str, str]
    summary: str
    path: list[str]


class Runner:
    """A machine of GitHub's, kept for the steps of one test."""

    def __init__(self, folder: Path) -> None:
        self.temp, self.work = folder / "temp", folder / "work"
        self._folder, self._bin = folder, folder / "bin"
        for each in (self.temp, self.work, self._bin):
            each.mkdir()
        self._calls, self._answers = folder / "calls", folder / "answers"
        for name in STAND_INS:
            text = STAND_IN.format(
                python=sys.executable, calls=str(self._calls), answers=str(self._answers)
            )
            (self._bin / name).write_text(text)
            (self._bin / name).chmod(0o755)

    def __call__(
        self,
        title: str,
        answers: dict[str, list[str] | str] | None = None,
        values: dict[str, str] | None = None,
    ) -> Ran:
        """Run a step. ``values`` are of expressions, ``answers`` of stand-ins."""
        block, told = blocks()[title], {}
        given = {k: [v] if isinstance(v, str) else v for k, v in (answers or {}).items()}
        self._answers.write_text(json.dumps(given))
        for name in ("calls", "output", "summary", "path"):
            told[name] = self._folder / name
            told[name].write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-euo", "pipefail", "-c", block.step["run"]],
            cwd=self.work,
            env=self._environment(block, values or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Ran(
            status=done.returncode,
            said=self._plain(done.stdout),
            calls=[self._plain(shlex.join(json.loads(x))) for x in self._lines("calls")],
            outputs=dict(line.split("=", 1) for line in self._lines("output")),
            summary=told["summary"].read_text(),
            path=[self._plain(line) for line in self._lines("path")],
        )

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.work, env=self._base(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _lines(self, name: str) -> list[str]:
        return (self._folder / name).read_text().splitlines()

    def _plain(self, text: str) -> str:
        return text.replace(str(self.temp), "TEMP").replace(str(self.work), "WORK")

    def _base(self) -> dict[str, str]:
        return {
            "PATH": f"{self._bin}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
        }

    def _environment(self, block: Block, values: dict[str, str]) -> dict[str, str]:
        known = DEFAULTS | values
        own = {
            key: EXPRESSION.sub(lambda found: known[found[1]], text)
            for key, text in block.environment.items()
        }
        return {
            **self._base(),
            "GITHUB_BASE_REF": "main",
            "GITHUB_OUTPUT": str(self._folder / "output"),
            "GITHUB_PATH": str(self._folder / "path"),
            "GITHUB_REF_NAME": "main",
            "GITHUB_REPOSITORY": "acme/platform",
            "GITHUB_RUN_ID": "8",
            "GITHUB_SHA": "c0ffee",
            "GITHUB_STEP_SUMMARY": str(self._folder / "summary"),
            "RUNNER_TEMP": str(self.temp),
            **own,
        }
