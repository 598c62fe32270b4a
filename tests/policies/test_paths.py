"""Paths into properties: what they lead to."""

import pytest

from graph.model import UNKNOWN
from policies.paths import MISSING, steps, value, values, wholly

DATA = {
    "name": "a",
    "off": False,
    "none": None,
    "later": UNKNOWN,
    "empty": [],
    "deep": {"er": {"est": 1}, "later": UNKNOWN},
    "rules": [
        {"id": "x", "days": 7, "tags": [{"key": "k"}, {"key": "l"}]},
        {"id": "y", "tags": []},
    ],
    "mixed": [{"id": "x", "days": 1}, UNKNOWN],
    "unnamed": [{"id": UNKNOWN, "days": 2}, {"days": 3}],
    "words": ["one", "two"],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("name", ["a"]),
        ("off", [False]),
        ("none", [MISSING]),
        ("nowhere", [MISSING]),
        ("name.further", [MISSING]),
        ("deep.er.est", [1]),
        ("deep.er.other", [MISSING]),
        ("later", [UNKNOWN]),
        ("later.further", [UNKNOWN]),
        ("later[*].further", [UNKNOWN]),
        ("deep.later.further", [UNKNOWN]),
        ("rules[*].days", [7, MISSING]),
        ("rules[*].tags[*].key", ["k", "l", MISSING]),
        ("rules[id=x].days", [7]),
        ("rules[id=y].days", [MISSING]),
        ("rules[id=z].days", [MISSING]),
        ("empty[*]", [MISSING]),
        ("empty[*].days", [MISSING]),
        ("nowhere[*].days", [MISSING]),
        ("words[*]", ["one", "two"]),
        ("words[id=one].days", [MISSING]),
        ("mixed[*].days", [1, UNKNOWN]),
        ("mixed[id=x].days", [1]),
        ("mixed[id=z].days", [UNKNOWN]),
        ("unnamed[id=x].days", [UNKNOWN]),
        ("deep[*].er.est", [1]),
    ],
)
def test_a_path_leads_to_all_that_it_fits(path, found):
    assert values(DATA, path) == found


@pytest.mark.parametrize(("data", "found"), [(None, MISSING), (UNKNOWN, UNKNOWN), ({}, MISSING)])
def test_nothing_and_the_unknown_have_nothing_and_the_unknown_in_them(data, found):
    assert values(data, "a.b[*].c") == [found]


def test_one_value_is_had_by_a_path_without_lists():
    assert (value(DATA, "deep.er.est"), value(DATA, "deep.nowhere")) == (1, MISSING)


def test_a_selected_value_may_have_dots():
    assert steps("parameters[name=rds.force_ssl].value") == (
        ("parameters", ""),
        ("[name]", "name=rds.force_ssl"),
        ("value", ""),
    )


@pytest.mark.parametrize("path", ["a[", "a[b]", "a]", "a..b[0]"])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match="no path"):
        values(DATA, path)


def test_a_value_is_known_if_all_in_it_is():
    assert wholly({"a": [1, {"b": None}]})
    assert not wholly({"a": [1, {"b": UNKNOWN}]})
