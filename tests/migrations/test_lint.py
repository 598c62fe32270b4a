"""squawk knows what locks a table for longer than anyone would think."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.migrations.databases import MIGRATIONS, ROOT

SQUAWK = shutil.which("squawk", path=Path(sys.executable).parent)
pytestmark = pytest.mark.skipif(SQUAWK is None, reason="no squawk here: uv sync brings one")


def lint(sql, *, transaction):
    """The names of the rules a migration breaks."""
    command = [SQUAWK, "--config", ROOT / "migrations/squawk.toml", "--reporter", "json"]
    command.append("--assume-in-transaction" if transaction else "--no-assume-in-transaction")
    result = subprocess.run(command, input=sql, capture_output=True, text=True, check=False)
    return [found["rule_name"] for found in json.loads(result.stdout)]


@pytest.mark.parametrize("made", MIGRATIONS, ids=lambda made: made.name)
def test_squawk_finds_nothing_in(made):
    assert lint(made.sql, transaction=not made.indexes) == []


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("CREATE INDEX i ON t (c);", "require-concurrent-index-creation"),
        ("ALTER TABLE t ADD COLUMN c text NOT NULL;", "adding-required-field"),
        ("ALTER TABLE t RENAME COLUMN c TO d;", "renaming-column"),
        ("DROP TABLE t;", "ban-drop-table"),
        ("BEGIN; COMMIT;", "transaction-nesting"),
    ],
)
def test_squawk_would_find(sql, rule):
    assert rule in lint(sql, transaction=True)
