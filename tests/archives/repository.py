"""A small repository with the platform's functions, a lock file and the wheels it names."""

import base64
import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from contract.functions import FUNCTIONS

LOCK = """version = 1

[[package]]
name = "ma-platform"
version = "0.1.0"
source = {{ virtual = "." }}

[package.dev-dependencies]
{groups}

[[package]]
name = "shared"
version = "{shared}"
wheels = [{shared_wheels}]

[[package]]
name = "driver"
version = "2.0"
dependencies = [
    {{ name = "shared", marker = "python_full_version < '3.13'" }},
    {{ name = "windows-only", marker = "sys_platform == 'win32'" }},
]
wheels = [{driver_wheels}]

[package.optional-dependencies]
fast = [{{ name = "driver-fast", marker = "implementation_name != 'pypy'" }}]

[[package]]
name = "driver-fast"
version = "2.0"
wheels = [{fast_wheels}]

[[package]]
name = "windows-only"
version = "{unrelated}"
wheels = [{unrelated_wheels}]
"""
FAST_TAGS = (
    "cp313-cp313-manylinux_2_28_aarch64",
    "cp313-cp313-manylinux_2_28_x86_64",
    "cp313-cp313-musllinux_1_2_aarch64",
    "cp313-cp313t-manylinux_2_28_aarch64",
    "cp312-cp312-manylinux_2_28_aarch64",
)
GROUPS = "\n".join(
    f'{name.replace("_", "-")} = [{{ name = "shared" }}]' for name in FUNCTIONS if name != "health"
)
HEALTH = 'health = [{ name = "shared" }, { name = "driver", extra = ["fast"] }]'


def wheel(folder: Path, name: str, version: str, tag: str) -> str:
    """Make a wheel; the answer is its entry in a lock file."""
    module, stem = name.replace("-", "_"), f"{name.replace('-', '_')}-{version}"
    files = {
        f"{module}/__init__.py": f'TAG = "{tag}"\n',
        f"{module}/__init__.pyi": "TAG: str\n",
        f"{module}/tests/test_it.py": "",
        f"{module}/page.js": "",
        f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{stem}.dist-info/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        f"{stem}.dist-info/entry_points.txt": f"[console_scripts]\n{name} = {module}:TAG\n",
        f"{stem}.dist-info/licenses/LICENSE": "free\n",
    }
    record = "".join(f"{path},sha256={_digest(text)},{len(text)}\n" for path, text in files.items())
    files[f"{stem}.dist-info/RECORD"] = f"{record}{stem}.dist-info/RECORD,,\n"
    path = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in files.items():
            archive.writestr(zipfile.ZipInfo(inner, (2026, 11, 22, 0, 0, 0)), text)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f'{{ url = "https://example.com/{path.name}", hash = "sha256:{digest}" }}'


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Repository:
    """One copy of it; ``lock`` writes the lock file anew with another version somewhere."""

    def __init__(self, root: Path, wheels: Path) -> None:
        self.root, self._wheels = root, wheels
        self.write("functions/__init__.py")
        self.write("functions/platform_runtime/requests/api.py", "SHARED = 1\n")
        self.write("contract/routes.py", "ROUTES = ()\n")
        self.write("tools/cli.py")
        for name, function in FUNCTIONS.items():
            self.write(f"functions/{name}/app.py", f"NAME = '{name}'\n")
            for folder in function.shares:
                self.write(f"{folder}/shared.py")
        self.lock()

    def write(self, path: str, text: str = "") -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def lock(self, shared="1.0", unrelated="1.0", fast_tags=FAST_TAGS, groups=GROUPS) -> None:
        def wheels(name: str, version: str, *tags: str) -> str:
            return ", ".join(wheel(self._wheels, name, version, tag) for tag in tags)

        text = LOCK.format(
            groups=f"{HEALTH}\n{groups}",
            shared=shared,
            shared_wheels=wheels("shared", shared, "py3-none-any"),
            driver_wheels=wheels("driver", "2.0", "py3-none-any"),
            fast_wheels=wheels("driver-fast", "2.0", *fast_tags),
            unrelated=unrelated,
            unrelated_wheels=wheels("windows-only", unrelated, "py3-none-any"),
        )
        self.write("uv.lock", text)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Makes copies of the repository; uv finds their wheels in a folder and asks no index."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))

    def make(name: str = "repository", umask: int = 0o022) -> Repository:
        before = os.umask(umask)
        try:
            return Repository(tmp_path / name, wheels)
        finally:
            os.umask(before)

    return make
