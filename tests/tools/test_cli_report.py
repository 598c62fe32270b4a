"""`report` from the outside: a site beside the changes, and a folder that is none."""

import pytest

from tests.stacks import built
from tests.tools.test_cli import tools as tools
from tests.tools.test_cli_diff import record as record


@pytest.fixture
def base(record):
    """What is deployed."""
    return record("base.json", built("dev"))


def test_a_site_is_measured_where_one_is_given(tools, base, tmp_path):
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_bytes(b" " * 2500)

    _, out, _ = tools("report", "dev", "--base", base, "--bundle", str(tmp_path / "dist"))

    assert "| all files | 2.5 KB | 5000 KB |" in out
    assert "### Site" not in tools("report", "dev", "--base", base)[1]


def test_a_folder_that_is_no_site_ends_with_two_before_anything_is_run(tools, base, tmp_path):
    status, out, err = tools("report", "dev", "--base", base, "--bundle", str(tmp_path / "none"))

    assert (status, out) == (2, "")
    assert "no index.html in it" in err
