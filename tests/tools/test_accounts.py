"""An account has one owner; a file that was copied says so too."""

import pytest

from tools.accounts import disputed, undecided

ONE, OTHER = "111111111111", "222222222222"


def files(**stacks):
    return {
        stack: {"tier": "pro", "account": {"owner": owner} | ({"id": account} if account else {})}
        for stack, (owner, account) in stacks.items()
    }


@pytest.mark.parametrize(
    ("stacks", "problem"),
    [
        (
            {"a": (True, ONE), "b": (True, ONE)},
            f"a and b say account.owner: true for account {ONE}",
        ),
        (
            {"a": (True, ONE), "b": (True, ONE), "c": (True, ONE), "d": (True, OTHER)},
            f"a, b and c say account.owner: true for account {ONE}",
        ),
        ({"a": (True, ONE), "b": (False, ONE)}, None),
        ({"a": (True, ONE), "b": (True, OTHER)}, None),
        ({"a": (True, None), "b": (True, None)}, None),
    ],
)
def test_two_that_own_one_account_are_a_problem(stacks, problem):
    found = [*disputed(files(**stacks))]

    assert [text.split(", and ")[0] for text in found] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("stacks", "note"),
    [
        ({"a": (True, None), "b": (True, None)}, "a and b say account.owner: true and no"),
        ({"a": (True, None), "b": (True, ONE)}, "a say account.owner: true and no"),
        ({"a": (True, None), "b": (False, None)}, None),
        ({"a": (True, ONE), "b": (True, OTHER)}, None),
        ({"a": (True, None)}, None),
        ({}, None),
    ],
)
def test_owners_that_name_no_account_are_worth_a_word(stacks, note):
    found = [*undecided({**files(**stacks), "odd": {"account": 3}, "bare": {}})]

    assert [text.split(" account.id")[0] for text in found] == ([note] if note else [])
