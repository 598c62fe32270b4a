"""Rules for what protects an account, each with a stack that breaks it."""

import pytest

from policies.rules.data.public_access import BLOCKS
from policies.rules.security import account
from tests.policies.cases import Case, beside, case, check

ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
ALL_BLOCKED = dict.fromkeys(BLOCKS, True)

CASES = [
    *(
        case(
            rule.replace("bucket", "account", 1),
            beside(ACCOUNT, "more", **{**ALL_BLOCKED, path: False}),
            "s3.AccountPublicAccessBlock more",
        )
        for path, rule in BLOCKS.items()
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, account.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in account.RULES}
