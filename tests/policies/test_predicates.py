"""What a property must be, and what that says."""

import pytest

from graph.model import UNKNOWN
from policies import predicates
from policies.paths import MISSING

NOTHING = (MISSING, "", [], {})


@pytest.mark.parametrize(
    ("must", "text", "good", "bad"),
    [
        (predicates.ON, "is true", [True], [False, 1, "true", MISSING]),
        (predicates.OFF, "is false", [False], [True, 0, MISSING]),
        (predicates.NOT_ON, "is not true", [False, MISSING, "no"], [True]),
        (predicates.GIVEN, "is given", ["a", 0, False, [1]], NOTHING),
        (predicates.ABSENT, "is not given", NOTHING, ["a", 0, False]),
        (predicates.equals(7), "is 7", [7], [8, "7", MISSING]),
        (predicates.equals("a"), "is 'a'", ["a"], ["b", MISSING]),
        (predicates.one_of(1, 5), "is one of 1, 5", [1, 5], [2, MISSING]),
        (predicates.at_least(7), "is 7 or more", [7, 8.5], [6, True, "8", MISSING]),
        (predicates.at_most(7), "is 7 or less", [7, 0], [8, False, MISSING]),
        (predicates.between(1, 2), "is between 1 and 2", [1, 2], [0, 3, True, MISSING]),
        (predicates.matches("a+", "is some a"), "is some a", ["aa"], ["ab", "", 1, MISSING]),
        (predicates.includes("a", "b"), "has a, b", [["b", "c", "a"]], [["a"], "ab", MISSING]),
        (predicates.excludes("a"), "has no a", [["b"], [], MISSING], [["a", "b"]]),
        (predicates.items_at_least(2), "has 2 or more", [[1, 2]], [[1], "ab", MISSING]),
    ],
    ids=str,
)
def test_a_predicate_holds_of_some_and_not_of_others(must, text, good, bad):
    assert str(must) == text
    assert [value for value in good if not must.holds(value)] == []
    assert [value for value in bad if must.holds(value)] == []


def test_only_being_given_can_be_told_of_what_is_unknown():
    blind = [name for name, must in vars(predicates).items() if getattr(must, "blind", False)]

    assert blind == ["GIVEN"]
    assert predicates.GIVEN.holds(UNKNOWN)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        ("a", "'a'"),
        (None, "None"),
        (["a" * 99], "['" + "a" * 55 + "..."),
    ],
)
def test_a_value_is_shown_short(value, text):
    assert predicates.shown(value) == text
