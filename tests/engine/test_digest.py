"""The engine's own preview of one state: its digest is the same each time, and another for another
change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graph import readers
from graph.changes.compare import compare
from graph.changes.digest import digest
from tools.release import pulumi

from .conftest import Stack


def test_a_preview_has_one_digest_until_the_change_is_another(
    stack: Callable[[str], Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    dev = stack("dev").package()
    for name, value in dev.environment.items():
        monkeypatch.setenv(name, value)

    def digested() -> str:
        exported = dev.pulumi("stack", "export").stdout
        after = pulumi.preview("dev", dev.program)
        deployed = '"resources"' in exported
        before = pulumi.read_by(readers.stack_export, exported) if deployed else None
        return digest(after, compare(before, after))

    first = digested()
    assert digested() == first
    dev.pulumi("up", "--yes", "--skip-preview").check_returncode()
    deployed = digested()
    dev.pulumi("config", "set", "--path", "ma-platform:stack.site.release", "r1")
    release = digested()
    assert digested() == release
    dev.pulumi("config", "set", "--path", "ma-platform:stack.site.release", "r2")

    assert len({first, deployed, release, digested()}) == 4
