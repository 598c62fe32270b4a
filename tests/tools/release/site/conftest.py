"""What tests of releases start from."""

import pytest
from moto import mock_aws

from tests.tools.release.site.world import World, build


@pytest.fixture
def world(tmp_path, monkeypatch):
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "testing")
    root = tmp_path / "repository"
    root.mkdir()
    with mock_aws():
        yield World(root=root, monkeypatch=monkeypatch)


@pytest.fixture
def site(tmp_path):
    return build(tmp_path / "dist")
