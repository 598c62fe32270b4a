"""Where records come from: files of three kinds, and revisions of a repository."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from graph import GraphError
from tests.stacks import built
from tools import ExpectedError
from tools.review import sources

OUTPUT = Path(__file__).parents[2] / "graph" / "engine_output"


@pytest.mark.parametrize("name", ["export.json", "preview-first.json", "preview-unchanged.json"])
def test_what_the_pulumi_cli_writes_is_told_by_what_is_in_it(name):
    assert sources.file(OUTPUT / name).resources


def test_a_record_of_our_own_is_read_too(tmp_path):
    file = tmp_path / "dev.json"
    file.write_text(json.dumps(built("dev").to_json()))

    assert sources.file(file).stack == "dev"


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"other": 1}'])
def test_anything_else_says_what_would_do(tmp_path, text):
    file = tmp_path / "record.json"
    file.write_text(text)

    with pytest.raises(GraphError, match="no record: neither `pulumi stack export`"):
        sources.file(file)


PROGRAM = """import json, sys
stacks = sys.argv[3:]
if "broken" in stacks:
    sys.exit("error: Pulumi.broken.yaml: 1 problem")
records = [{"project": "p", "stack": s, "resources": [], "outputs": {}} for s in stacks]
print(json.dumps(records if len(records) > 1 else records[0]))
"""


@pytest.fixture
def repository(tmp_path):
    """A program whose tools say what a stack declares: nothing."""
    root = tmp_path / "repository"
    (root / "tools").mkdir(parents=True)
    (root / "tools" / "__init__.py").write_text("")
    (root / "tools" / "__main__.py").write_text(PROGRAM)
    (root / "uv.lock").write_text("version = 1\n")
    for stack in ("dev", "prod", "broken"):
        (root / f"Pulumi.{stack}.yaml").write_text("")
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root)
    return root


def git(root, *command):
    options = ["-c", "user.name=n", "-c", "user.email=e@example.com"]
    subprocess.run(["git", *options, *command], cwd=root, check=True, capture_output=True)


def commit(root):
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "one")


def ran(monkeypatch) -> list[list[str]]:
    """The stacks of each process from here on."""
    runs: list[list[str]] = []
    real = sources._run
    monkeypatch.setattr(sources, "_run", lambda *a: (runs.append([*a[2]]), real(*a))[1])
    return runs


def test_a_revisions_program_is_run_once_and_its_records_kept(repository, monkeypatch):
    runs = ran(monkeypatch)

    for _ in range(2):
        found = sources.revision("HEAD", ["dev", "new"], repository)

    assert (found["dev"].stack, found["new"]) == ("dev", None)
    assert runs == [["dev"]]


def test_several_stacks_are_one_process(repository, monkeypatch):
    runs = ran(monkeypatch)
    found = sources.revision("HEAD", ["prod", "dev"], repository)

    assert [found[stack].stack for stack in ("dev", "prod")] == ["dev", "prod"]
    assert runs == [["prod", "dev"]]


def test_a_program_that_takes_one_stack_at_a_time_is_run_for_each(repository, monkeypatch):
    program = repository / "tools" / "__main__.py"
    program.write_text(PROGRAM.replace('"broken" in stacks', "len(stacks) > 1"))
    commit(repository)
    runs = ran(monkeypatch)
    found = sources.revision("HEAD", ["dev", "prod"], repository)

    assert [found[stack].stack for stack in ("dev", "prod")] == ["dev", "prod"]
    assert runs == [["dev", "prod"], ["dev"], ["prod"]]


def test_another_commit_of_the_same_files_has_the_same_records(repository):
    sources.revision("HEAD", ["dev"], repository)
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "two")
    sources.revision("HEAD", ["dev"], repository)

    assert len(list((repository / sources.CACHE).iterdir())) == 1


def test_a_name_that_is_no_revision_is_told_apart(repository):
    with pytest.raises(ExpectedError, match="nowhere is no file and no revision"):
        sources.revision("nowhere", ["dev"], repository)


def test_a_stack_whose_file_is_gone_is_left_behind(repository, tmp_path):
    (repository / "Pulumi.yaml").write_text("name: p\n")
    commit(repository)
    (repository / "Pulumi.prod.yaml").unlink()
    (repository / "Pulumi.new.yaml").write_text("")
    record = tmp_path / "record.json"
    record.write_text("{}")

    assert sources.left_behind("HEAD", repository) == ["prod"]
    assert sources.left_behind(None, repository) == ["prod"]
    assert sources.left_behind(str(record), repository) == []


def test_a_broken_program_says_what_it_said_itself(repository):
    with pytest.raises(
        ExpectedError, match=r"program of main does not declare broken:\nerror: Pul"
    ):
        sources.revision("main", ["broken"], repository)

    assert not list((repository / sources.CACHE).glob("*"))


def test_a_revision_with_another_lock_file_is_run_with_its_own_packages(repository, monkeypatch):
    commands = []
    monkeypatch.setattr(sources.shutil, "which", lambda *_, **__: "/bin/uv")
    (repository / "uv.lock").write_text("version = 1\nanother = true\n")

    def python(folder, root):
        commands.append(real(folder, root))
        return [sys.executable]

    real = sources._python
    monkeypatch.setattr(sources, "_python", python)
    sources.revision("HEAD", ["dev"], repository)

    assert commands == [["/bin/uv", "run", "--quiet", "--frozen", "python"]]


def test_the_base_is_where_the_branch_left_main(repository):
    start = sources._git(repository, "rev-parse", "HEAD")
    git(repository, "switch", "--quiet", "--create", "work")
    (repository / "more").write_text("")
    commit(repository)

    assert sources.merge_base(repository) == start


def test_without_main_the_way_out_is_named(tmp_path):
    with pytest.raises(ExpectedError, match="say --base REVISION"):
        sources.merge_base(tmp_path)
