"""An archive's digest: the same for the same contents, another for exactly what changed."""

import os

import pytest

from archives import ArchiveError, archive
from contract.functions import FUNCTIONS

EVERY = set(FUNCTIONS)


def digests(root):
    return {name: archive.digest(function, root) for name, function in FUNCTIONS.items()}


def changed(repository, change):
    """The functions that have another digest after the change."""
    copy = repository()
    before = digests(copy.root)
    change(copy)
    after = digests(copy.root)
    return {name for name in FUNCTIONS if before[name] != after[name]}


def test_an_archive_is_named_by_its_function_and_its_digest(repository):
    root = repository().root

    path = archive.path(FUNCTIONS["health"], root)

    assert path == root / "build" / f"health-{archive.digest(FUNCTIONS['health'], root)}.zip"
    assert len(archive.digest(FUNCTIONS["health"], root)) == 16


def test_times_permissions_caches_and_hidden_files_are_not_part_of_the_digest(repository):
    one, other = repository("one"), repository("other", umask=0o077)
    for number, file in enumerate(sorted(other.root.rglob("*.py"), reverse=True)):
        os.utime(file, (number, number))
    other.write("functions/health/__pycache__/app.cpython-311.pyc", "stale")
    other.write("functions/health/.ruff_cache/index", "{}")
    other.write("contract/.routes.py.swp", "half")

    assert digests(one.root) == digests(other.root)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_change_in_one_functions_folder_changes_its_digest_only(repository, name):
    assert changed(repository, lambda r: r.write(f"functions/{name}/app.py", "NEW = 1\n")) == {name}


@pytest.mark.parametrize(
    "path",
    [
        "contract/routes.py",
        "contract/new.py",
        "functions/__init__.py",
        "functions/platform_runtime/requests/api.py",
        "functions/platform_runtime/roots.pem",
    ],
)
def test_a_change_of_what_all_share_changes_every_digest(repository, path):
    assert changed(repository, lambda r: r.write(path, "NEW = 1\n")) == EVERY


@pytest.mark.parametrize("path", ["tools/cli.py", "README.md", "functions/notes.md"])
def test_a_change_of_what_is_not_shipped_changes_none(repository, path):
    assert changed(repository, lambda r: r.write(path, "NEW = 1\n")) == set()


def test_a_file_that_moves_changes_the_digest(repository):
    def move(copy):
        app = copy.root / "functions/health/app.py"
        app.rename(app.with_name("other.py"))

    assert changed(repository, move) == {"health"}


def test_a_new_version_of_a_shared_dependency_changes_every_digest(repository):
    assert changed(repository, lambda r: r.lock(shared="1.1")) == EVERY


def test_a_new_version_of_what_lambda_does_not_install_changes_none(repository):
    assert changed(repository, lambda r: r.lock(unrelated="1.1")) == set()


def test_a_new_wheel_changes_a_digest_only_if_it_is_for_lambda(repository):
    elsewhere = ("cp313-cp313-manylinux_2_28_aarch64", "cp315-cp315-win_amd64")
    another = ("cp313-cp313-manylinux_2_17_aarch64",)

    assert changed(repository, lambda r: r.lock(fast_tags=elsewhere)) == set()
    assert changed(repository, lambda r: r.lock(fast_tags=another)) == {"health"}


def test_a_new_layout_changes_every_digest(repository, monkeypatch):
    assert changed(repository, lambda _: monkeypatch.setattr(archive, "LAYOUT", "next")) == EVERY


def test_a_function_without_a_folder_has_no_archive(repository):
    root = repository().root
    (root / "functions/health").rename(root / "functions/illness")

    with pytest.raises(ArchiveError, match=r"there is no folder .*functions/health$"):
        archive.path(FUNCTIONS["health"], root)
