"""The packager: the same bytes from the same inputs, Lambda's wheels, and nothing built twice."""

import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from archives import archive
from contract.functions import FUNCTIONS
from tools import ExpectedError
from tools.release import package

ROOT = Path(__file__).parents[3]
AARCH64 = 183
"""https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html, as registered since."""


def names(path):
    with zipfile.ZipFile(path) as zipped:
        return zipped.namelist()


def test_an_archive_holds_the_functions_code_the_contract_and_lambdas_wheels(repository):
    (made,) = package.build(["health"], repository().root)

    assert names(made.path) == [
        "contract/routes.py",
        "driver-2.0.dist-info/METADATA",
        "driver-2.0.dist-info/licenses/LICENSE",
        "driver/__init__.py",
        "driver_fast-2.0.dist-info/METADATA",
        "driver_fast-2.0.dist-info/licenses/LICENSE",
        "driver_fast/__init__.py",
        "functions/__init__.py",
        "functions/health/app.py",
        "functions/platform_runtime/requests/api.py",
        "shared-1.0.dist-info/METADATA",
        "shared-1.0.dist-info/licenses/LICENSE",
        "shared/__init__.py",
    ]
    with zipfile.ZipFile(made.path) as zipped:
        assert zipped.read("driver_fast/__init__.py") == (
            b'TAG = "cp313-cp313-manylinux_2_28_aarch64"\n'
        )


def test_two_copies_of_a_repository_make_the_same_bytes(repository):
    one, other = repository("one"), repository("other", umask=0o077)
    for number, file in enumerate(sorted(other.root.rglob("*.py"), reverse=True)):
        os.utime(file, (1_000_000_000 + number, 1_000_000_000 + number))
    other.write("functions/health/__pycache__/app.cpython-313.pyc", "stale")

    made = [package.build([], copy.root) for copy in (one, other)]

    assert [[a.path.name for a in archives] for archives in made] == [
        [archive.path(function, one.root).name for function in FUNCTIONS.values()]
    ] * 2
    for first, second in zip(*made, strict=True):
        assert first.path.read_bytes() == second.path.read_bytes()


def test_every_entry_is_readable_by_all_and_from_the_same_moment(repository):
    (made,) = package.build(["realtime"], repository(umask=0o077).root)

    with zipfile.ZipFile(made.path) as zipped:
        assert {(e.external_attr >> 16, e.date_time) for e in zipped.infolist()} == {
            (0o100644, (1980, 1, 1, 0, 0, 0))
        }


def test_what_exists_is_not_built_again_and_what_changed_is(repository):
    copy = repository()
    before = package.build([], copy.root)
    copy.write("functions/health/app.py", "NEW = 1\n")

    after = package.build([], copy.root)

    assert all(made.built for made in before)
    assert [made.function for made in after if made.built] == ["health"]
    assert before[0].path.exists()


def test_a_wheel_that_is_not_the_locked_one_is_refused_and_leaves_no_archive(repository):
    copy = repository()
    text = (copy.root / "uv.lock").read_text(encoding="utf-8")
    locked = text.split("shared-1.0-py3-none-any.whl")[1].split("sha256:")[1][:64]
    copy.write("uv.lock", text.replace(locked, "0" * 64))

    with pytest.raises(ExpectedError, match="uv could not install the locked wheels"):
        package.build(["realtime"], copy.root)
    assert not (copy.root / "build").exists()


def test_a_write_that_fails_leaves_nothing_behind(tmp_path):
    target = tmp_path / "build" / "health-0123.zip"

    with pytest.raises(FileNotFoundError):
        package.write(target, [("a.py", Path(__file__)), ("b.py", tmp_path / "missing.py")])
    assert list(target.parent.iterdir()) == []


def test_a_function_nobody_has_is_refused_with_those_there_are(repository):
    with pytest.raises(
        ExpectedError, match=f"functions.py, or name one of: {', '.join(FUNCTIONS)}"
    ):
        package.build(["health", "nobody"], repository().root)


def test_without_uv_packaging_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(package, "ROOT", tmp_path)

    with pytest.raises(ExpectedError, match="packaging needs uv"):
        package.uv()


def test_the_report_says_what_is_being_built_size_and_place_of_each_and_the_sum(repository, capsys):
    root = repository().root
    package.run(["realtime"], root=root)

    report, building = capsys.readouterr()
    made, total = report.splitlines()
    assert building == "packaging realtime\n"
    assert archive.path(FUNCTIONS["realtime"], root).relative_to(root).as_posix() in made
    assert "built in" in made
    assert total.endswith("in all")
    package.run(["realtime"], root=root)
    assert capsys.readouterr().err == ""


def test_the_report_as_json_is_for_programs(repository, capsys):
    root = repository().root
    package.run(["realtime"], as_json=True, root=root)

    (made,) = json.loads(capsys.readouterr().out)
    assert made.pop("seconds") >= 0
    path = archive.path(FUNCTIONS["realtime"], root)
    assert made == {
        "function": "realtime",
        "digest": archive.digest(FUNCTIONS["realtime"], root),
        "path": path.relative_to(root).as_posix(),
        "size_bytes": path.stat().st_size,
        "built": True,
    }


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The platform's own archives, from a copy of its sources, with wheels from the index."""
    root = tmp_path_factory.mktemp("platform")
    for folder in ("contract", "functions", "migrations"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy(ROOT / "uv.lock", root)
    try:
        return {made.function: made for made in package.build([], root)}
    except ExpectedError as error:
        if "error sending request" in str(error) or "Failed to fetch" in str(error):
            pytest.skip("the index of packages is out of reach, and uv has not cached the wheels")
        raise


@pytest.mark.slow
def test_compiled_code_in_the_platforms_archives_is_lambdas(real):
    with zipfile.ZipFile(real["health"].path) as zipped:
        libraries = [name for name in zipped.namelist() if ".so" in Path(name).name]
        machines = {struct.unpack_from("<H", zipped.read(name), 18)[0] for name in libraries}
    extensions = [name for name in libraries if name.startswith("psycopg_binary/")]

    assert machines == {AARCH64}
    assert extensions
    assert all(name.endswith(".cpython-313-aarch64-linux-gnu.so") for name in extensions)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["health_auth", "realtime"])
def test_the_platforms_archives_hold_all_their_handlers_import(real, name, tmp_path):
    with zipfile.ZipFile(real[name].path) as zipped:
        zipped.extractall(tmp_path)
    module = FUNCTIONS[name].handler.rpartition(".")[0]
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import {module} as m; m.handler"

    # -S leaves out what is installed here, -I the folder and environment this runs in.
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True, timeout=60)


@pytest.mark.slow
def test_the_platforms_archives_are_small(real):
    assert {name for name, made in real.items() if made.size_bytes > 1_000_000} == {
        *(name for name, function in FUNCTIONS.items() if function.connects),
        "authorizer",
        "backup_key",
        "rotation",
    }
    assert max(made.size_bytes for made in real.values()) < 12_000_000
