"""What an engine is told is in the stack file, or the gate says where else it is."""

import pytest

from config.stack import ROOT
from tools import ExpectedError
from tools.project import check


def test_the_projects_own_file_is_right():
    check(ROOT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "Pulumi.yaml: a file that can be read: No such file or directory; `git checkout"),
        ("name: [", "line 1: YAML: .*; `git checkout Pulumi.yaml`"),
        ("- a", "the project is called None, and"),
        ("name: other", "the project is called other, and what is deployed is called after ma-"),
        ("name: ma-platform\nconfig: {}", "Pulumi.yaml: config tells an engine what no review"),
        ("name: ma-platform\nstackConfigDir: x", "Pulumi.yaml: stackConfigDir tells an engine"),
    ],
)
def test_another_is_refused(tmp_path, text, said):
    if text is not None:
        (tmp_path / "Pulumi.yaml").write_text(text)

    with pytest.raises(ExpectedError, match=said):
        check(tmp_path)
