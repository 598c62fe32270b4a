"""Whom a principal is: ours, AWS's service acting for ours, or somebody else.

What is ours is known by name: ``graph.access.names`` says what the record declares, and its
account, in angle brackets.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from graph.access.conditions import Condition, limits


class Kind(Enum):
    """The six that anybody is."""

    OURS = "ours"
    SERVICE = "a service acting for ours"
    PARTNER = "a named partner"
    STRANGER = "a stranger"
    EVERYBODY = "everybody"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Who:
    """Somebody, as a sentence calls them."""

    kind: Kind
    label: str


OWN: Final = ("aws:PrincipalAccount", "aws:PrincipalArn", "kms:CallerAccount")
"""What says whose a principal is."""
SOURCES: Final = (
    "aws:SourceAccount",
    "aws:SourceArn",
    "sts:ExternalId",
    "kms:EncryptionContext:aws:logs:arn",
    "kms:EncryptionContext:aws:cloudtrail:arn",
)
"""What ties a service to the account it acts for:
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"""
ANYONE: Final = Who(Kind.EVERYBODY, "anyone")

_OWN_ARN: Final = re.compile(r"arn:[\w-]+:[\w*-]*:[\w*-]*:<account>:")
_ACCOUNT: Final = re.compile(r"(?<!\d)\d{12}(?!\d)")


def classify(scheme: str, name: str, conditions: tuple[Condition, ...] = ()) -> Who:
    """Whom a statement's principal is, under its conditions: ``AWS`` and an ARN, for example."""
    if name.startswith("<unknown"):
        return Who(Kind.UNKNOWN, "somebody who could not be told")
    if scheme == "Service":
        return _service(name, conditions)
    if scheme == "Federated":
        return _federated(name, conditions)
    if name == "*":
        return _limited(conditions)
    if scheme == "CanonicalUser":
        return Who(Kind.UNKNOWN, f"the canonical user {name}")
    if name.startswith("arn:aws:iam::cloudfront:"):
        return Who(Kind.SERVICE, f"CloudFront as {name}")
    if name in ("<account>", "arn:aws:iam::<account>:root"):
        return Who(Kind.OURS, "this account")
    if is_ours(name):
        return Who(Kind.OURS, plain(name))
    account = _ACCOUNT.search(name)
    if account is None:
        return Who(Kind.UNKNOWN, name)
    whole = name == account[0] or name.endswith(":root")
    return Who(Kind.STRANGER, f"account {account[0]}" if whole else name)


def is_ours(name: str) -> bool:
    """Whether it is declared here, or of this account."""
    declared = name.startswith("<") and not name.startswith("<unknown")
    return declared or _OWN_ARN.match(name) is not None


def plain(name: str) -> str:
    """Without the brackets around what the record declares."""
    return re.sub(r"<(?!account>)([^>]*)>", r"\1", name)


def _limited(conditions: tuple[Condition, ...]) -> Who:
    """Anybody, but for what the conditions say of the principal."""
    own, sources = limits(conditions, OWN), limits(conditions, SOURCES)
    if own:
        named = ", ".join(map(plain, own))
        if all(map(is_ours, own)):
            account = all(value == "<account>" for value in own)
            return Who(Kind.OURS, "this account" if account else named)
        return Who(Kind.STRANGER, named)
    if sources and all(map(is_ours, sources)):
        return Who(Kind.SERVICE, f"services for {', '.join(map(plain, sources))}")
    organizations = limits(conditions, ("aws:PrincipalOrgID", "aws:PrincipalOrgPaths"))
    if organizations:
        return Who(Kind.UNKNOWN, f"anyone of {', '.join(organizations)}")
    return ANYONE


def _service(name: str, conditions: tuple[Condition, ...]) -> Who:
    """A service is whom it acts for; without a source that is whoever asks it."""
    sources = limits(conditions, SOURCES)
    if not sources:
        return Who(Kind.STRANGER, f"{name} for any account")
    ours = all(map(is_ours, sources))
    named = ", ".join(sorted({"this account" if v == "<account>" else plain(v) for v in sources}))
    return Who(Kind.SERVICE if ours else Kind.STRANGER, f"{name} for {named}")


def _federated(name: str, conditions: tuple[Condition, ...]) -> Who:
    """Whom a provider calls by the claim ``sub``; a pattern there fits strangers too:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html"""
    keys = tuple(c.key for c in conditions if c.key.lower().endswith(":sub"))
    subjects = limits(conditions, keys)
    if not subjects:
        return Who(Kind.EVERYBODY, f"anyone whom {plain(name)} signs in")
    loose = any("*" in each or "?" in each for each in subjects)
    kind = Kind.STRANGER if loose else Kind.PARTNER
    return Who(kind, f"{', '.join(subjects)} of {plain(name)}")
