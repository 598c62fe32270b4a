"""Rules for who may take a role, each with a stack that breaks it."""

import json

import pytest

from policies.rule import Verdict
from policies.rules.security import trust
from tests.policies.cases import Case, case, check, document, judged, made, named, spoilt

ROLE = "iam.Role jobs"
KIND = "aws:iam/role:Role"
CLAIMS = {
    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
    "token.actions.githubusercontent.com:sub": "repo:ma/platform:ref:refs/heads/main",
}


def trusting(**changes):
    """The one statement, changed; a key that is None is dropped."""

    def change(policy):
        statement = {**policy["Statement"][0], **changes}
        policy["Statement"] = [{k: v for k, v in statement.items() if v is not None}]

    return document(ROLE, "assumeRolePolicy", change)


CASES = [
    spoilt("role-session-short", ROLE, "maxSessionDuration", 43200),
    *(
        case("trust-names-one-principal", trusting(Principal=who), ROLE)
        for who in (
            "*",
            {"AWS": "*"},
            {"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]},
            None,
        )
    ),
    case("trust-names-one-principal", trusting(Principal=None, NotPrincipal={"AWS": "1"}), ROLE),
    case("trust-names-its-source", trusting(Condition=None), ROLE),
    *(
        case("trust-names-its-source", trusting(Condition=condition), ROLE)
        for condition in (
            {"StringNotEquals": {"aws:SourceAccount": "123456789012"}},
            {"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}},
            {"StringLike": {"aws:SourceArn": "*"}},
        )
    ),
    case("trust-allows-taking-alone", trusting(Action="*"), ROLE),
    case("trust-allows-taking-alone", trusting(Action=["sts:AssumeRole", "iam:PassRole"]), ROLE),
    case(
        "federated-trust-pinned",
        trusting(Principal={"Federated": "arn:aws:iam::1:oidc-provider/x"}),
        ROLE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, trust.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in trust.RULES}


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ({"StringEquals": CLAIMS}, Verdict.MET),
        ({"StringLike": CLAIMS}, Verdict.VIOLATED),
        ({"StringEquals": dict([next(iter(CLAIMS.items()))])}, Verdict.VIOLATED),
        ({"StringEquals": dict.fromkeys(CLAIMS, "*")}, Verdict.VIOLATED),
    ],
)
def test_a_build_takes_a_role_by_both_its_claims(condition, verdict):
    principal = {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"}
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": principal,
        "Condition": condition,
    }
    graph = made((KIND, "deploy", {"assumeRolePolicy": json.dumps({"Statement": [statement]})}))

    assert judged(named("federated-trust-pinned", trust.RULES), graph, verdict) == [
        "iam.Role deploy"
    ]
