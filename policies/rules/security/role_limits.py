"""Rules for IAM: on what conditions roles may do what would otherwise be too much."""

import re
from collections.abc import Iterator
from typing import Final

from graph.model import Unknown
from policies.documents import Statement
from policies.rule import Judgement, Rule, met, rule, undecided, violated
from policies.rules.security.roles import identity
from policies.rules.security.trust import ROLE, trusted
from policies.stack import Stack

ESCALATING: Final = {
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:CreateRole",
    "iam:PassRole",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
    "sts:AssumeRole",
}
"""What lets a principal give itself more: allowed on named resources and under a condition only.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"""
LIMITING: Final = ("iam:PassedToService", "iam:PermissionsBoundary")

KEY_USE: Final = {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"}
UNVIA: Final = {"scheduler.amazonaws.com"}
"""Services that use a key as the role itself, with no other service between:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html"""


@rule("14.4", fix="name the roles, and add iam:PassedToService or iam:PermissionsBoundary")
def role_cannot_escalate(stack: Stack) -> Iterator[Judgement]:
    """Nothing lets a role give itself, or another it can use, more than it has."""
    for resource, statements in identity(stack, builds=True):
        if isinstance(statements, Unknown):
            yield undecided(resource, "policy")
            continue
        loose = {
            action
            for s in statements
            if s.allows and not _limited(s)
            for action in s.actions
            if action in ESCALATING
        }
        yield (
            violated(resource, f"allows {', '.join(sorted(loose))} without a limit")
            if loose
            else met(resource)
        )


def _limited(statement: Statement) -> bool:
    # Roles of one path all have a boundary where nothing makes one without.
    bounded = all(
        re.fullmatch(r"arn:aws[\w-]*:iam::\d+:role/.+/.*", r) for r in statement.resources
    )
    if set(statement.actions) & ESCALATING <= {"iam:UpdateAssumeRolePolicy"} and bounded:
        return True
    keys = {key for tests in statement.conditions.values() for key in tests}
    tagged = any(key.lower().startswith("aws:resourcetag/") for key in keys)
    return tagged or bool(statement.limit(*LIMITING))


@rule("9.6", fix="add a condition on kms:ViaService, the service whose data it reads or writes")
def role_uses_keys_by_a_service(stack: Stack) -> Iterator[Judgement]:
    """A role decrypts what a service hands it, and nothing it has got hold of otherwise."""
    direct = {r.urn for r in stack.of(ROLE) if trusted(stack, r) & UNVIA}
    for resource, statements in identity(stack):
        if isinstance(statements, Unknown):
            yield undecided(resource, "policy")
            continue
        if any(role.urn in direct for role in stack.targets(resource, "role", ROLE)):
            continue
        using = [s for s in statements if s.allows and KEY_USE & {*s.actions}]
        loose = [s for s in using if not s.limit("kms:ViaService")]
        if loose:
            yield violated(resource, f"{loose[0].sid or 'a statement'} uses a key for anything")
        elif using:
            yield met(resource)


@rule("9.6", fix="add a condition Bool kms:GrantIsForAWSResource true")
def role_hands_keys_to_services_alone(stack: Stack) -> Iterator[Judgement]:
    """A role passes the use of a key on to AWS services, and to nobody of its own choice.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    """
    for resource, statements in identity(stack):
        if isinstance(statements, Unknown):
            yield undecided(resource, "policy")
            continue
        handing = [s for s in statements if s.allows and "kms:CreateGrant" in s.actions]
        loose = [s for s in handing if s.limit("kms:GrantIsForAWSResource") != ["true"]]
        if handing:
            yield violated(resource, "hands keys to anybody") if loose else met(resource)


@rule("14.3", fix="add a condition Null lambda:SourceFunctionArn true: Lambda has it, code not")
def role_interfaces_for_lambda_alone(stack: Stack) -> Iterator[Judgement]:
    """Lambda makes a function's network interfaces, and the function's own code cannot.

    https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    """
    for resource, statements in identity(stack):
        if isinstance(statements, Unknown):
            yield undecided(resource, "policy")
            continue
        making = [s for s in statements if s.allows and "ec2:CreateNetworkInterface" in s.actions]
        loose = [s for s in making if not s.limit("lambda:SourceFunctionArn")]
        if making:
            yield violated(resource, "lets code make interfaces") if loose else met(resource)


RULES: Final[tuple[Rule, ...]] = (
    role_cannot_escalate,
    role_uses_keys_by_a_service,
    role_hands_keys_to_services_alone,
    role_interfaces_for_lambda_alone,
)
