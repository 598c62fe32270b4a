"""What of the lock file applies to Lambda, against uv's and packaging's own opinion."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

from archives import ArchiveError, archive, lock
from contract.functions import FUNCTIONS
from tools.release import package

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "uv.lock").read_text(encoding="utf-8")
PLATFORMS = [f"manylinux_2_{minor}_aarch64" for minor in range(34, 16, -1)]
PLATFORMS += ["manylinux2014_aarch64", "linux_aarch64"]


@pytest.mark.parametrize(
    ("marker", "holds"),
    [
        ("", True),
        ("sys_platform == 'linux'", True),
        ("sys_platform == 'win32'", False),
        ("platform_machine != 'aarch64'", False),
        ("sys_platform in 'linux darwin'", True),
        ("sys_platform not in 'linux darwin'", False),
        ("python_full_version < '3.13'", False),
        ("python_full_version >= '3.9'", True),
        ("python_full_version == '3.13.*'", True),
        ("python_full_version != '3.13.*'", False),
        ("python_version == '3.13'", True),
        ("python_version > '3.9'", True),
        ("python_version >= '3.14' or sys_platform == 'linux'", True),
        ("python_version >= '3.14' and sys_platform == 'linux'", False),
        ("(os_name == 'nt' or os_name == 'posix') and implementation_name != 'pypy'", True),
    ],
)
def test_markers_are_judged_as_in_lambda(marker, holds):
    assert lock.applies(marker) is holds
    assert not marker or Marker(marker).evaluate({**lock.ENVIRONMENT}) is holds


def test_the_markers_of_the_lock_file_are_judged_as_packaging_would():
    markers = set(re.findall(r'marker = "([^"]+)"', TEXT))

    assert markers
    assert {m: lock.applies(m) for m in markers} == {
        m: Marker(m).evaluate({**lock.ENVIRONMENT}) for m in markers
    }


def test_the_wheels_of_the_lock_file_are_chosen_as_an_installer_in_lambda_would():
    supported = {*cpython_tags((3, 13), platforms=PLATFORMS)}
    supported |= {*compatible_tags((3, 13), "cp313", PLATFORMS)}
    wheels = re.findall(r'url = "[^"]+/([^/"]+\.whl)"', TEXT)

    assert {w for w in wheels if lock.runs(w)} == {
        w for w in wheels if not supported.isdisjoint(parse_wheel_filename(w)[3])
    }


def test_a_lock_file_taken_apart_says_what_the_whole_does():
    entries = [entry for found in lock.read(TEXT.encode()).values() for entry in found]

    assert [lock.package(entry) for entry in entries] == tomllib.loads(TEXT)["package"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_requirements_are_those_uv_exports_for_its_group(name):
    command = [package.uv(), "export", "--quiet", "--frozen", "--offline", "--no-hashes"]
    command += ["--no-header", "--no-annotate", "--only-group", name.replace("_", "-")]
    exported = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    wanted = map(Requirement, exported.splitlines())
    assert {line.split(" ")[0] for line in archive.requirements(FUNCTIONS[name], ROOT)} == {
        f"{r.name}{r.specifier}"
        for r in wanted
        if r.marker is None or r.marker.evaluate({**lock.ENVIRONMENT})
    }


def test_requirements_name_version_and_the_hashes_of_lambdas_wheels_only(repository):
    names = [
        (line.split(" ")[0], line.count("--hash=sha256:"))
        for line in archive.requirements(FUNCTIONS["health"], repository().root)
    ]

    assert names == [("driver==2.0", 1), ("driver-fast==2.0", 1), ("shared==1.0", 1)]


def test_a_dependency_without_a_wheel_for_lambda_is_refused_by_name(repository):
    copy = repository()
    copy.lock(fast_tags=("cp313-cp313-manylinux_2_28_x86_64",))

    with pytest.raises(ArchiveError, match=r"driver-fast==2.0 has no wheel for Python 3.13"):
        archive.requirements(FUNCTIONS["health"], copy.root)


def test_a_function_without_a_dependency_group_is_told_what_to_add(repository):
    copy = repository()
    copy.lock(groups="")

    with pytest.raises(ArchiveError, match=r"add `realtime = \[\{ include-group = \"runtime\""):
        archive.requirements(FUNCTIONS["realtime"], copy.root)
