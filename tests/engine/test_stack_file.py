"""What a real engine hands to the program is judged as the file is offline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .conftest import Stack

KEY = "ma-platform:stack"
MISTAKES = {
    "a misspelt key": (("aws:regoin", "eu-west-1"), "did you mean aws:region?"),
    "a key of the default provider": (("aws:profile", "prod"), "export AWS_PROFILE"),
    "a misspelt stack": (("ma-platform:stak", "x"), "did you mean ma-platform:stack?"),
    "a word of YAML 1.1": (
        ("--path", f"{KEY}.protect", "--type", "string", "yes"),
        "protect: 'yes'",
    ),
    "a secret": (("--secret", "--path", f"{KEY}.contacts.outage", "a@corp.io"), "'(encrypted)'"),
}


@pytest.fixture(scope="module")
def dev(stack: Callable[[str], Stack]) -> Stack:
    return stack("dev").package()


@pytest.fixture
def file(dev: Stack) -> Iterator[Path]:
    """Put back as it was."""
    path = dev.program / "Pulumi.dev.yaml"
    before = path.read_bytes()
    yield path
    path.write_bytes(before)


@pytest.mark.usefixtures("file")
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_stops_the_program_too(dev: Stack, mistake: str) -> None:
    said, message = MISTAKES[mistake]
    dev.pulumi("config", "set", *said).check_returncode()

    preview = dev.pulumi("preview")

    assert preview.returncode != 0
    assert message in preview.stdout + preview.stderr
    assert "Traceback" not in preview.stdout + preview.stderr


@pytest.mark.usefixtures("file")
def test_a_region_is_not_the_environments(dev: Stack) -> None:
    dev.pulumi("config", "rm", "aws:region").check_returncode()
    moved = Stack(dev.name, dev.program, {**dev.environment, "AWS_REGION": "eu-west-1"})

    preview = moved.pulumi("preview")

    assert preview.returncode != 0
    assert "aws:region: '(nothing)'" in preview.stdout + preview.stderr


def test_words_that_two_rules_read_differently_mean_what_the_tools_say(
    dev: Stack, file: Path
) -> None:
    said = (
        "    identity: {mfa: ON}\n"
        "    edge: {firewall: {enabled: true, count: {Common: 2026-12-31}}}\n"
        "    logs: {retention_days: 0o36}\n"
    )
    file.write_text(file.read_text().replace(f"  {KEY}:\n", f"  {KEY}:\n{said}"))

    preview = dev.pulumi("preview", "--json")

    assert preview.returncode == 0, preview.stdout + preview.stderr
    declared = [step["newState"] for step in json.loads(preview.stdout)["steps"]]
    inputs = {each["type"]: each.get("inputs", {}) for each in declared}
    assert inputs["aws:cognito/userPool:UserPool"]["mfaConfiguration"] == "ON"
    assert inputs["aws:cloudwatch/logGroup:LogGroup"]["retentionInDays"] == 30
