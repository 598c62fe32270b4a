"""How stacks differ, by what holds in each."""

import io
import json

from config.loading import load
from tests.tools.test_cli import tools as tools
from tools.review import envs

STACK = {
    "tier": "starter",
    "origins": ["https://app.example.com"],
    "contacts": dict.fromkeys(("outage", "security", "data_loss"), "a@example.com"),
    "network": {"cidr": "10.1.0.0/16"},
    "account": {"owner": True},
}


def stack(**changes):
    return load({**STACK, **changes}, region="us-east-1", source="Pulumi.some.yaml")


def text(found, names):
    stream = io.StringIO()
    envs.show(found, names, stream)
    return stream.getvalue().splitlines()


def test_what_one_file_says_and_the_other_leaves_to_its_tier_is_compared_as_it_holds():
    """A starter database keeps backups for seven days: said or not, that is no difference."""
    said = stack(database={"backup_days": 7})

    assert envs.differences({"a": stack(), "b": said}) == {}
    assert text({}, ["a", "b"]) == ["a and b are set alike"]


def test_each_difference_is_a_line_with_what_each_stack_has():
    other = stack(protect=True, functions={"provisioned": {"simcore": 2}})
    found = envs.differences({"a": stack(), "b": other})

    assert found == {
        "protect": {"a": False, "b": True},
        "functions.provisioned.simcore": {"a": None, "b": 2},
    }
    assert [line.split() for line in text(found, ["a", "b"])] == [
        ["a", "b"],
        ["protect", "no", "yes"],
        ["functions.provisioned.simcore", "-", "2"],
    ]


def test_a_long_value_is_cut_to_its_column(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    found = envs.differences(
        {"a": stack(), "b": stack(origins=["https://" + ".".join(["x" * 30] * 4)])}
    )

    assert all(len(line) <= 60 for line in text(found, ["a", "b"]))


def test_the_command_runs_no_program(tools):
    status, out, err = tools("envs", "dev", "prod", "--json", program="1 / 0")

    assert (status, err) == (0, "")
    assert json.loads(out)["tier"] == {"dev": "starter", "prod": "pro"}


def test_one_stack_alone_has_nothing_to_differ_from(tools):
    assert tools("envs", "dev", "dev") == (2, "", "error: dev alone: name two stacks or more\n")
