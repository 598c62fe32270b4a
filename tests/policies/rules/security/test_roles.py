"""Rules for what roles may do, each with a stack that breaks it."""

import pytest

from policies.rules.security import roles
from tests.policies.cases import Case, beside, case, check, document, spoilt, without

ROLE = "iam.Role simcore"
POLICY = "iam.RolePolicy simcore"
ATTACHMENT = "iam.RolePolicyAttachment database-monitoring"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def first(**changes):
    """The first statement, changed; a key that is None is dropped."""

    def change(policy):
        statement = {**policy["Statement"][0], **changes}
        policy["Statement"][0] = {k: v for k, v in statement.items() if v is not None}

    return document(POLICY, "policy", change)


CASES = [
    spoilt("role-without-embedded-policies", ROLE, "inlinePolicies", [{"name": "more"}]),
    spoilt("role-without-embedded-attachments", ROLE, "managedPolicyArns", [ADMINISTRATOR]),
    *(
        case("role-actions-named", first(Action=action), POLICY)
        for action in ("*", "s3:*", ["s3:GetObject", "s3:Put*"])
    ),
    case("role-actions-named", first(Action=None, NotAction="iam:*"), POLICY),
    *(
        case("role-resources-named", first(Resource=resource), POLICY)
        for resource in (
            "*",
            "arn:aws:s3:::*",
            "arn:aws:dynamodb:us-east-1:123456789012:table/*",
            ["arn:aws:s3:::data/objects/*", "arn:aws:logs:us-east-1:123456789012:log-group:*"],
        )
    ),
    case("role-resources-named", first(Resource=None, NotResource="arn:aws:s3:::one"), POLICY),
    case("role-keys-named", first(Action=["kms:Decrypt"], Resource="*"), POLICY),
    case("function-resources-named", first(Resource="*"), POLICY),
    case("role-may-do-something", without(POLICY), ROLE),
    spoilt("role-without-managed-policies", ATTACHMENT, "policyArn", ADMINISTRATOR),
    case("no-iam-users", beside("aws:iam/user:User", "root"), "iam.User root"),
    case("no-iam-users", beside("aws:iam/accessKey:AccessKey", "ci"), "iam.AccessKey ci"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, roles.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    builds = {"builds-read-no-secret"}  # whose stack is in test_legal_stacks.py
    assert {case.rule for case in CASES} | builds == {rule.name for rule in roles.RULES}
