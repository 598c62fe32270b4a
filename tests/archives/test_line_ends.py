"""What a machine's git makes of line ends changes no digest: nothing would be packaged anew."""

import shutil
import subprocess

import pytest

from archives.archive import digest, sql_digest
from config.stack import ROOT
from contract.functions import FUNCTIONS

HEALTH = FUNCTIONS["health"]


def git(folder, *command):
    options = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *options, *command], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def cloned(tmp_path):
    """The same commit on a machine that wants the line ends of Windows."""
    shared = tmp_path / "shared"
    shared.mkdir()
    for name in (".gitattributes", "uv.lock", "functions/__init__.py"):
        (shared / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, shared / name)
    for name in ("contract", "functions/platform_runtime", "functions/health", "migrations"):
        shutil.copytree(ROOT / name, shared / name, ignore=shutil.ignore_patterns("__pycache__"))
    git(shared, "init")
    git(shared, "add", ".")
    git(shared, "commit", "-m", "all")
    git(tmp_path, "-c", "core.autocrlf=true", "clone", "shared", "cloned")
    return tmp_path / "cloned"


def test_a_clone_with_other_line_ends_is_the_same_archive_and_the_same_migrations(cloned):
    assert digest(HEALTH, cloned) == digest(HEALTH, ROOT)
    assert sql_digest(cloned) == sql_digest(ROOT)


def test_a_migration_saved_with_other_line_ends_is_no_change_and_all_else_is(cloned):
    file = cloned / "migrations/0001_tables.sql"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert sql_digest(cloned) == sql_digest(ROOT)

    file.write_bytes(file.read_bytes() + b" ")
    assert sql_digest(cloned) != sql_digest(ROOT)
