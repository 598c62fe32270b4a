"""Rules for conditions on what roles may do, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.security import role_limits
from tests.policies.cases import Case, case, check, document, judged, named
from tests.stacks import built

POLICY = "iam.RolePolicy simcore"
ROLE = "arn:aws:iam::123456789012:role/other"


def without_condition(*sids):
    def change(policy):
        for statement in policy["Statement"]:
            if statement["Sid"] in sids:
                del statement["Condition"]

    return document(POLICY, "policy", change)


def more(**statement):
    def change(policy):
        policy["Statement"].append({"Effect": "Allow", "Resource": ROLE, **statement})

    return document(POLICY, "policy", change)


ANY_BUT_ONE = {"StringNotEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
IF_ANY = {"StringEqualsIfExists": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}

CASES = [
    case("role-cannot-escalate", more(Action="iam:PassRole"), POLICY),
    case("role-cannot-escalate", more(Action="iam:PassRole", Condition=ANY_BUT_ONE), POLICY),
    case("role-uses-keys-by-a-service", without_condition("ObjectsKey"), POLICY),
    case("role-uses-keys-by-a-service", more(Action="kms:Decrypt", Condition=IF_ANY), POLICY),
    case("role-hands-keys-to-services-alone", more(Action="kms:CreateGrant"), POLICY),
    case("role-interfaces-for-lambda-alone", without_condition("Interfaces"), POLICY),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, role_limits.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in role_limits.RULES}


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
        {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/boundary"}},
        {"StringEquals": {"aws:ResourceTag/Project": "ma-platform"}},
    ],
)
def test_a_role_may_be_passed_on_where_a_condition_limits_to_whom(condition):
    graph = more(Action="iam:PassRole", Condition=condition)(built("prod"))
    rule = named("role-cannot-escalate", role_limits.RULES)

    assert judged(rule, graph, Verdict.VIOLATED) == []
