"""What the engine says of what somebody changed by hand, and what it asks for to say it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from graph.readers import Refreshed
from tools.release import pulumi

from .conftest import Stack
from .provider import BY_HAND

FUNCTION = "aws:lambda/function:Function::simcore"
ALIAS = "aws:lambda/alias:Alias::simcore"
TOPIC = "aws:sns/topic:Topic::topics-outage"
PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE"  # noqa: S105


@pytest.fixture(scope="module")
def deployed(stack: Callable[[str], Stack]) -> Stack:
    dev = stack("dev").package()
    dev.pulumi("up", "--yes", "--skip-preview").check_returncode()
    return dev


def test_a_look_finds_what_was_changed_or_taken_away_and_changes_nothing(
    deployed: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in deployed.environment.items():
        monkeypatch.setenv(name, value)
    before = deployed.pulumi("stack", "export").stdout

    def look(changed: dict[str, object]) -> tuple[list[Refreshed], int]:
        monkeypatch.setenv(BY_HAND, json.dumps(changed))
        return pulumi.refreshed("dev", deployed.program)

    assert look({}) == ([], 0)
    moved = {"functionVersion": "6", "description": "Put back"}
    found, untold = look({FUNCTION: {"memorySize": 999}, TOPIC: None, ALIAS: moved})

    assert untold == 0
    assert {each.before.urn.rpartition("$")[2]: each.after and each.paths for each in found} == {
        FUNCTION: ("memorySize",),
        ALIAS: ("description", "functionVersion"),
        TOPIC: None,
    }
    assert deployed.pulumi("stack", "export").stdout == before


def test_a_state_is_exported_by_who_may_open_no_secret_and_looked_at_by_who_may(
    deployed: Stack,
) -> None:
    """So the role of pull requests needs no key, and that of drift does."""
    closed = {key: value for key, value in deployed.environment.items() if key != PASSPHRASE}
    stranger = replace(deployed, environment=closed)

    assert stranger.pulumi("stack", "export").stdout == deployed.pulumi("stack", "export").stdout
    look = stranger.pulumi("refresh", "--preview-only", "--json")
    assert look.returncode != 0
    assert PASSPHRASE in look.stderr
