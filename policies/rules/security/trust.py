"""Rules for IAM: who may take a role, and for how long."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import Resource, Unknown
from policies.documents import TRUST, Statement
from policies.predicates import between
from policies.rule import Judgement, Property, Rule, each_known, met, rule, violated
from policies.stack import Stack

ROLE: Final = "aws:iam/role:Role"
FUNCTION: Final = "aws:lambda/function:Function"

TAKING: Final = {
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:SetSourceIdentity",
    "sts:TagSession",
}
UNSOURCED: Final = {"apigateway.amazonaws.com", "cloudtrail.amazonaws.com"}
"""Services that do not say for whom they act when they take a role, so no condition can ask:
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html"""
SOURCES: Final = ("aws:SourceAccount", "aws:SourceArn", "sts:ExternalId")

HOUR: Final = 3600

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="role-session-short",
        type=ROLE,
        path="maxSessionDuration",
        must=between(HOUR, 2 * HOUR),
        controls=["14.5"],
        fix="set maxSessionDuration to an hour, or two for deployments: a stolen session ends then",
        only=lambda role: "maxSessionDuration" in role.inputs,
    ),
)


def trusted(stack: Stack, role: Resource) -> set[str]:
    """Who may take it, as far as that is known."""
    found = stack.statements(role, TRUST[ROLE])
    return set() if isinstance(found, Unknown) else {w for s in found if s.allows for w in s.who}


def _allowing(stack: Stack) -> Iterator[tuple[Resource, list[Statement] | Unknown]]:
    """Each role with what lets somebody take it."""
    for role in stack.of(ROLE):
        found = stack.statements(role, TRUST[ROLE])
        yield role, found if isinstance(found, Unknown) else [s for s in found if s.allows]


_each = partial(each_known, what="assumeRolePolicy")


@rule("14.5", fix="trust one service, or one identity provider")
def trust_names_one_principal(stack: Stack) -> Iterator[Judgement]:
    """Every role says which one service or provider may take it."""
    return _each(_allowing(stack), judge=_one_principal)


def _one_principal(role: Resource, allowing: list[Statement]) -> Judgement:
    trusted = [who for s in allowing for who in s.who]
    if len(trusted) == 1 and trusted[0] != "*":
        return met(role)
    return violated(role, f"trusts {', '.join(map(str, trusted)) or 'nobody'}")


@rule("14.6", fix="add a condition on aws:SourceAccount or aws:SourceArn")
def trust_names_its_source(stack: Stack) -> Iterator[Judgement]:
    """A service takes a role for this account only, where it says for whom it acts.

    Lambda does not when it makes network interfaces for a function in a VPC:
    https://github.com/aws/aws-parallelcluster/pull/6926
    """
    return _each(_allowing(stack), judge=partial(_sourced, stack))


def _sourced(stack: Stack, role: Resource, allowing: list[Statement]) -> Judgement | None:
    services = [s for s in allowing if s.principals.get("Service")]
    if not services or _cannot_say(stack, role, services):
        return None
    loose = [who for s in services if not s.limit(*SOURCES) for who in s.who]
    return violated(role, f"{', '.join(loose)} for any account") if loose else met(role)


def _cannot_say(stack: Stack, role: Resource, statements: list[Statement]) -> bool:
    who = {one for s in statements for one in s.who}
    if who <= UNSOURCED:
        return True
    users = stack.companions(role, FUNCTION, "role")
    return who == {"lambda.amazonaws.com"} and any(f.inputs.get("vpcConfig") for f in users)


@rule("14.11", fix="compare aud with sts.amazonaws.com and sub with one repository and branch")
def federated_trust_pinned(stack: Stack) -> Iterator[Judgement]:
    """A role for a build is taken by one repository only, and by which of its runs is said."""
    return _each(_allowing(stack), judge=_all_pinned)


def _all_pinned(role: Resource, allowing: list[Statement]) -> Judgement | None:
    federated = [s for s in allowing if s.principals.get("Federated")]
    if not federated:
        return None
    return met(role) if all(map(_pinned, federated)) else violated(role, "any run may take it")


def _pinned(statement: Statement) -> bool:
    """Equality on both claims, and no pattern that another repository could fit."""
    claims = {
        key.rpartition(":")[2]: found
        for operator, tests in statement.conditions.items()
        if operator == "StringEquals"
        for key, found in tests.items()
    }
    both = [*claims.get("aud", []), *claims.get("sub", [])]
    return bool(claims.get("aud") and claims.get("sub")) and not any("*" in each for each in both)


@rule("14.5", fix="allow sts:AssumeRole, or sts:AssumeRoleWithWebIdentity, and nothing more")
def trust_allows_taking_alone(stack: Stack) -> Iterator[Judgement]:
    """Whom a role trusts may take it, and name and tag the session."""
    return _each(_allowing(stack), judge=_taking_alone)


def _taking_alone(role: Resource, allowing: list[Statement]) -> Judgement:
    more = {action for s in allowing for action in s.actions} - TAKING
    return violated(role, f"allows {', '.join(sorted(more))}") if more else met(role)


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    trust_names_one_principal,
    trust_names_its_source,
    trust_allows_taking_alone,
    federated_trust_pinned,
)
