"""Rules for IAM: what roles may do."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from graph.model import Resource, Unknown
from policies.documents import IDENTITY, TRUST, Statement
from policies.predicates import ABSENT
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.security.trust import FUNCTION, ROLE
from policies.stack import Stack

ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
USERS: Final = tuple(
    f"aws:iam/{kind}:{kind[0].upper()}{kind[1:]}"
    for kind in ("user", "accessKey", "userPolicy", "userPolicyAttachment", "userLoginProfile")
)

LOOKING: Final = re.compile(r"[a-z0-9-]+:(Describe|Get|List)\w*\*")
READING: Final = {
    "kms:Decrypt",
    "secretsmanager:*",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:Get*",
    "secretsmanager:GetSecretValue",
    "ssm:Get*",
    "ssm:GetParameter",
    "ssm:GetParameters",
}

KEY_NAMED: Final = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[\w-]+")

UNNARROWABLE: Final = {
    "cloudwatch:PutMetricData",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
    "tag:GetResources",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
"""What a role may be allowed on every resource: AWS knows no narrower one, or asks for it.
Lambda checks for the network interfaces' actions on ``*`` when a function is made:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonresourcegrouptaggingapi.html"""
UNFORESEEN: Final = ("recovery-point:",)
"""Kinds whose names AWS makes up, so that a role can be allowed all of them or none."""

MANAGED: Final = {
    "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
}
"""AWS's own policies that are made for the one service that uses the role."""

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="role-without-embedded-policies",
        type=ROLE,
        path="inlinePolicies",
        must=ABSENT,
        controls=["14.10"],
        fix="declare iam.RolePolicy instead: policies in two places undo each other",
    ),
    Property(
        name="role-without-embedded-attachments",
        type=ROLE,
        path="managedPolicyArns",
        must=ABSENT,
        controls=["14.10"],
        fix="declare iam.RolePolicyAttachment instead: policies in two places undo each other",
    ),
)


Policies = Iterator[tuple[Resource, list[Statement] | Unknown]]


def identity(stack: Stack, *, builds: bool = False) -> Policies:
    """The policies of roles, each with what it says. One that no role has, as a boundary, allows
    nothing.

    A build's role makes what AWS will name, and so cannot name it: it is asked for less, and only
    ``builds`` have it looked at.
    """
    for kind, by in IDENTITY.items():
        for policy in stack.of(kind):
            holders = _holders(stack, policy)
            if kind != ROLE_POLICY and not holders:
                continue
            if builds or not holders or not all(is_build(stack, role) for role in holders):
                yield policy, stack.statements(policy, by)


def is_build(stack: Stack, role: Resource) -> bool:
    """Whether a run of a build takes the role, by what its provider says of it."""
    found = stack.statements(role, TRUST[ROLE])
    return not isinstance(found, Unknown) and any(s.principals.get("Federated") for s in found)


def _holders(stack: Stack, policy: Resource) -> list[Resource]:
    attached = stack.companions(policy, ATTACHMENT, "policyArn")
    return [role for each in (policy, *attached) for role in stack.targets(each, "role", ROLE)]


@rule("14.1", "14.2", "9.6", "4.14", fix="name each action the code calls")
def role_actions_named(stack: Stack) -> Iterator[Judgement]:
    """No policy of a role allows all actions, all of a service, or all of a pattern; but a build
    may look at whatever there is."""
    for resource, statements in identity(stack, builds=True):
        if isinstance(statements, Unknown):
            yield undecided(resource, "policy")
            continue
        build = any(is_build(stack, role) for role in _holders(stack, resource))
        broad = [
            action
            for s in statements
            if s.allows
            for action in s.actions
            if "*" in action and not (build and LOOKING.fullmatch(action))
        ]
        yield violated(resource, f"allows {', '.join(broad)}") if broad else met(resource)


@rule("14.11", fix="deny secretsmanager:GetSecretValue and kms:Decrypt in a policy of the role")
def builds_read_no_secret(stack: Stack) -> Iterator[Judgement]:
    """A build's role is refused what would let its runs read secrets or decrypt, whatever else
    it is allowed."""
    for role in stack.of(ROLE):
        if not is_build(stack, role):
            continue
        held = [p for p in identity(stack, builds=True) if role in _holders(stack, p[0])]
        if any(isinstance(statements, Unknown) for _, statements in held):
            yield undecided(role, "what it is refused")
            continue
        refused = {
            action
            for _, statements in held
            if not isinstance(statements, Unknown)
            for s in statements
            if not s.allows
            for action in s.actions
        }
        allowed = {
            action
            for _, statements in held
            if not isinstance(statements, Unknown)
            for s in statements
            if s.allows and not s.limit("kms:ViaService")
            for action in s.actions
            if not (action == "kms:Decrypt" and _is_the_states(stack, s))
        }
        read = (READING & allowed) - refused
        yield violated(role, f"may {', '.join(sorted(read))}") if read else met(role)


def _is_the_states(stack: Stack, statement: Statement) -> bool:
    """Whether all it opens is keys by name that the stack does not declare: Pulumi's state is under
    one, whatever deploys must open it, and the platform's own secrets are under no such key."""
    own = {key.outputs.get("arn") for key in stack.of("aws:kms/key:Key")}
    return bool(statement.resources) and all(
        isinstance(each, str) and KEY_NAMED.fullmatch(each) and each not in own
        for each in statement.resources
    )


Wanted = Callable[[Stack, Resource, str], bool]
"""Whether a policy and an action of it are what a rule is about."""


def _resources_named(stack: Stack, wanted: Wanted) -> Iterator[Judgement]:
    for resource, statements in identity(stack):
        if isinstance(statements, Unknown):
            if wanted(stack, resource, ""):
                yield undecided(resource, "policy")
            continue
        asked = [(action, s) for s in statements if s.allows for action in s.actions]
        about = [(action, s) for action, s in asked if wanted(stack, resource, action)]
        needless = [
            f"{action} on {where}"
            for action, s in about
            for where in s.resources
            if _everything(where) and not (where == "*" and action in UNNARROWABLE)
        ]
        if needless:
            yield violated(resource, f"allows {', '.join(needless[:3])}")
        elif about:
            yield met(resource)


@rule("14.3", fix="name the ARNs, from the resources' outputs")
def role_resources_named(stack: Stack) -> Iterator[Judgement]:
    """Every action is allowed on named resources, where AWS allows that."""
    return _resources_named(stack, lambda *_: True)


@rule("9.6", fix="name the key's ARN")
def role_keys_named(stack: Stack) -> Iterator[Judgement]:
    """No role may use whatever key there is."""
    return _resources_named(stack, lambda _, __, action: action.startswith(("kms:", "*")))


@rule("4.14", fix="name the ARNs, from the resources' outputs")
def function_resources_named(stack: Stack) -> Iterator[Judgement]:
    """What a function may do, it may do to named resources."""
    taken = {role.urn for f in stack.of(FUNCTION) for role in stack.targets(f, "role", ROLE)}
    theirs = {
        policy.urn
        for policy, _ in identity(stack)
        if any(role.urn in taken for role in stack.targets(policy, "role", ROLE))
    }
    return _resources_named(stack, lambda _, policy, __: policy.urn in theirs)


def _everything(resource: object) -> bool:
    """Whether it names all of a service's, or all of a kind, rather than one."""
    if not isinstance(resource, str):
        return False
    tail = resource.split(":", 5)[-1]
    # A bucket's ARN has its name where others have their kind.
    kind_alone = not resource.startswith("arn:aws:s3:") and re.fullmatch(r"[\w-]+[:/]\*", tail)
    return tail == "*" or (bool(kind_alone) and not tail.startswith(UNFORESEEN))


@rule(severity="medium", fix="declare an iam.RolePolicy for it, or remove the role")
def role_may_do_something(stack: Stack) -> Iterator[Judgement]:
    """Every role is allowed something: one without a policy fails whoever takes it."""
    for role in stack.of(ROLE):
        given = [
            p for kind in (ROLE_POLICY, ATTACHMENT) for p in stack.companions(role, kind, "role")
        ]
        yield met(role) if given else violated(role, "has no policy")


@rule("14.7", "14.8", fix="write an iam.RolePolicy with what the role needs")
def role_without_managed_policies(stack: Stack) -> Iterator[Judgement]:
    """No role has one of AWS's own policies, but those made for one service's role."""
    for attachment in stack.of(ATTACHMENT):
        arn = attachment.inputs.get("policyArn")
        if isinstance(arn, Unknown):
            yield undecided(attachment, "policyArn")
        elif str(arn).startswith("arn:aws:iam::aws:") and arn not in MANAGED:
            yield violated(attachment, f"attaches {arn}")
        else:
            yield met(attachment)


@rule("14.9", fix="let people sign in through the organisation, and programs take roles")
def no_iam_users(stack: Stack) -> Iterator[Judgement]:
    """Nobody is given a password or key that lasts."""
    users = stack.of(*USERS)
    yield from (violated(user, "is a user, or a user's credential") for user in users)
    if not users:
        yield met(None)


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    role_actions_named,
    builds_read_no_secret,
    role_resources_named,
    role_keys_named,
    function_resources_named,
    role_may_do_something,
    role_without_managed_policies,
    no_iam_users,
)
