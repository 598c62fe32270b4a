"""Rules for resource policies: who may use a bucket, queue, topic, key, secret or endpoint."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from graph.model import Resource
from policies.documents import RESOURCE, Statement
from policies.rule import Judgement, Rule, each_known, met, rule, undecided, violated
from policies.stack import Stack

ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
KEY: Final = "aws:kms/key:Key"

OWN: Final = (
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "kms:CallerAccount",
)
"""What says whose a principal is. Of what source a request comes says nothing of who sends it."""
SOURCES: Final = (
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "kms:EncryptionContext:aws:logs:arn",
    "kms:EncryptionContext:aws:cloudtrail:arn",
)
"""What ties a service to the account it acts for; logs and trails prove it by what they encrypt:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"""
TWICE: Final = {
    ("backup.amazonaws.com", "sns:Publish"): ("aws:SourceAccount", "aws:SourceArn"),
    ("cloudtrail.amazonaws.com", "kms:GenerateDataKey*"): (
        "aws:SourceArn",
        "kms:EncryptionContext:aws:cloudtrail:arn",
    ),
    ("cloudtrail.amazonaws.com", "s3:PutObject"): ("aws:SourceArn", "s3:x-amz-acl"),
    ("delivery.logs.amazonaws.com", "logs:PutLogEvents"): ("aws:SourceAccount", "aws:SourceArn"),
    ("delivery.logs.amazonaws.com", "s3:PutObject"): (
        "aws:SourceAccount",
        "aws:SourceArn",
        "s3:x-amz-acl",
    ),
}
"""Where AWS has several conditions in the policy it asks for: which service, what it may do.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-vended-logs-permissions.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html
"""

Judge = Callable[[Resource, list[Statement]], Judgement | None]

_ACCOUNT: Final = re.compile(r"arn:aws[\w-]*:[\w-]*:[\w-]*:(\d{12}):")


def _each(stack: Stack, judge: Judge, *, but: tuple[str, ...] = ()) -> Iterator[Judgement]:
    """The verdict on what each policy says of who may use a resource."""
    found = (
        (resource, stack.statements(resource, by))
        for kind, by in RESOURCE.items()
        for resource in stack.of(kind)
        if by in resource.inputs and kind not in but
    )
    return each_known(found, "policy", judge)


@rule(
    "1.5",
    "9.2",
    "13.4",
    "13.8",
    "13.13",
    fix="name the principals, or add a condition on aws:PrincipalAccount",
)
def policy_not_public(stack: Stack) -> Iterator[Judgement]:
    """No resource is for everybody: a principal * comes with a condition on whose it is."""
    return _each(stack, _not_public)


def _not_public(resource: Resource, statements: list[Statement]) -> Judgement:
    public = [s for s in statements if s.allows and "*" in s.who and not s.limit(*OWN)]
    return violated(resource, f"{_named(public)} is for everybody") if public else met(resource)


@rule("14.6", "1.5", "13.13", "13.8", fix="add a condition on aws:SourceAccount or aws:SourceArn")
def policy_names_its_source(stack: Stack) -> Iterator[Judgement]:
    """A service uses a resource for this account only, not for whoever else it serves."""
    return _each(stack, _sourced)


def _sourced(resource: Resource, statements: list[Statement]) -> Judgement | None:
    services = [s for s in statements if s.allows and s.principals.get("Service")]
    if not services:
        return None
    loose = [s for s in services if not s.limit(*SOURCES)]
    return violated(resource, f"{_named(loose)} serves any account") if loose else met(resource)


@rule("14.6", fix="add the conditions of the policy that AWS asks for, all of them")
def policy_names_its_source_twice(stack: Stack) -> Iterator[Judgement]:
    """A service that writes for others is tied to its source, and to the account that then owns."""
    return _each(stack, _sourced_twice)


def _sourced_twice(resource: Resource, statements: list[Statement]) -> Judgement | None:
    asked = [
        (s, keys)
        for s in statements
        for (who, what), keys in TWICE.items()
        if s.allows and who in s.who and what in s.actions
    ]
    if not asked:
        return None
    loose = [s for s, keys in asked if not all(s.limit(key) for key in keys)]
    return violated(resource, f"{_named(loose)} is loose") if loose else met(resource)


@rule("1.5", "13.4", "13.8", "13.13", fix="name the resource's own ARN")
def policy_resources_named(stack: Stack) -> Iterator[Judgement]:
    """What a policy allows, it allows on what it names; a key's own can name nothing but ``*``."""
    return _each(stack, _on_named, but=(KEY, ENDPOINT))


def _on_named(resource: Resource, statements: list[Statement]) -> Judgement:
    wide = [s for s in statements if s.allows and "*" in s.resources]
    return violated(resource, f"{_named(wide)} is on everything") if wide else met(resource)


@rule("1.5", "5.6", "9.2", "13.13", fix="name principals and sources of this account only")
def policy_without_strangers(stack: Stack) -> Iterator[Judgement]:
    """No other account is a principal, or what a service acts for."""
    return _each(stack, partial(_of_own_account, account(stack)))


def _of_own_account(own: str | None, resource: Resource, statements: list[Statement]) -> Judgement:
    named = {
        str(each)
        for s in statements
        if s.allows
        for each in (*s.principals.get("AWS", ()), *s.limit(*OWN, *SOURCES))
    }
    foreign = sorted(each for each in named if _account(each) not in (None, own))
    if foreign and own is None:
        return undecided(resource, "the stack's account")
    return violated(resource, f"shares with {', '.join(foreign)}") if foreign else met(resource)


@rule("14.2", fix="name the actions the service needs")
def policy_actions_named(stack: Stack) -> Iterator[Judgement]:
    """Only the account may do everything with its key; an endpoint is a door and grants nothing."""
    return _each(stack, _on_named_actions, but=(ENDPOINT,))


def _on_named_actions(resource: Resource, statements: list[Statement]) -> Judgement:
    wide = [
        s
        for s in statements
        if s.allows
        and any(a == "*" or a.endswith(":*") for a in s.actions)
        and not (resource.type == KEY and _root(s))
    ]
    return violated(resource, f"{_named(wide)} allows every action") if wide else met(resource)


def account(stack: Stack) -> str | None:
    """The account that most of the stack's ARNs name."""
    found: Counter[str] = Counter()
    for resource in stack.graph.resources:
        arn = resource.outputs.get("arn")
        if isinstance(arn, str) and (named := _ACCOUNT.match(arn)):
            found[named[1]] += 1
    return found.most_common(1)[0][0] if found else None


def _account(text: str) -> str | None:
    found = re.search(r"(?<!\d)\d{12}(?!\d)", text)
    return found[0] if found else None


def _root(statement: Statement) -> bool:
    return all(isinstance(who, str) and who.endswith(":root") for who in statement.who)


def _named(statements: list[Statement]) -> str:
    return ", ".join(s.sid or "a statement" for s in statements)


RULES: Final[tuple[Rule, ...]] = (
    policy_not_public,
    policy_names_its_source,
    policy_names_its_source_twice,
    policy_resources_named,
    policy_without_strangers,
    policy_actions_named,
)
