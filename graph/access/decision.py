"""Which access is to be told of, and which somebody must have decided."""

import re
from typing import Final

from graph.access.model import Access
from graph.access.patterns import Glob, like
from graph.access.who import Kind

OUTSIDE: Final = frozenset({Kind.STRANGER, Kind.EVERYBODY, Kind.PARTNER, Kind.UNKNOWN})
KEPT: Final = frozenset(
    {"backup", "dynamodb", "iam", "kms", "rds", "rds-db", "s3", "secretsmanager", "ssm", "sts"}
)
"""The services that keep data, keys, secrets, or who may do what, by their prefix in IAM."""
LOOKS: Final = re.compile(
    r"(batchget|decrypt|describe|generatedatakey|get|head|list|lookup|query|scan|verify)"
)
"""How actions begin that change nothing; encrypting what one writes elsewhere is among them:
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html"""
OWN: Final = re.compile(r"<(?!account>)[^<>]+>")
"""What is declared here, as ``names`` calls it."""
SECRETS: Final = (
    "secretsmanager:batchgetsecretvalue",
    "secretsmanager:getsecretvalue",
    "ssm:getparameter",
    "ssm:getparameters",
    "ssm:getparametersbypath",
)
"""Reading these is all that they are for."""


def counts(access: Access, known: frozenset[str]) -> bool:
    """Whether it gives anybody anything who, or lets them at anything that, was there before.

    Whoever is not ours always counts. Of ours, and of services for ours, it is what an existing one
    gets, or a new one on something that exists: a new function with its role and its queue is an
    everyday change. So is that a service takes a role which is new: a role can be given only to
    what its own account runs there.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    new = access.target.removesuffix(" in").removesuffix(" out")
    existed = new in known or not new.startswith("<") or new.startswith("<account>")
    if existed:
        return True
    if access.untold:
        return not (access.through.type.startswith("aws:iam/") and access.untold[:6] == "policy")
    if access.who.kind in OUTSIDE or access.outward:
        takes = str(access.action).lower().startswith("sts:")
        return not (takes and str(access.principal).startswith("Service:"))
    return str(access.principal).removeprefix("AWS:") in known


def decides(access: Access, known: frozenset[str]) -> bool:
    """Whether somebody must have decided it.

    What strangers, everybody, partners and the unknown may do, and what ours reach on the internet;
    of what ours and their services may do, what changes kept data, keys, secrets or permissions,
    reads a secret, or is all that a policy written elsewhere allows. There is nothing yet in what
    is new itself.
    """
    if access.who.kind in OUTSIDE or access.outward or access.untold:
        return True
    if not isinstance(access.action, Glob):
        return False
    named = OWN.findall(str(access.resource))
    if named and not known.intersection(named):
        return False
    action = access.action.text
    if action == "*" or action.startswith(("do ", "go ")):
        return True
    service, colon, verb = action.partition(":")
    if not colon or not ("*" in service or service in KEPT):
        return False
    return not LOOKS.match(verb) or any(like(action, each) for each in SECRETS)
