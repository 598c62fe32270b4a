"""What a stack may be called: its name is part of what its resources are called at AWS."""

import re
from collections.abc import Iterator
from typing import Final

from config.problems import PROJECT, Problem

FORM: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Of what RDS takes, after a first letter; it keeps names in lower case:
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"""
REPLICA: Final = re.compile(r"(.+)-replica-(\d+)")
"""Replica 1 of the stack ``qa`` is called as the database of a stack ``qa-replica-1`` would be."""
TIGHTEST: Final = {
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/backup_restore_testing_plan
    "AWS Backup's restore testing plan": (f"{PROJECT}_{{}}".replace("-", "_"), 50),
    "RDS's last replica": (f"{PROJECT}-{{}}-replica-15", 63),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    "IAM's role of pull requests": (f"{PROJECT}-{{}}-preview", 64),
}
"""The physical names that leave a stack's least room, whether it has such a resource or not: one
that grows is not renamed."""
LONGEST: Final = min(most - len(name.format("")) for name, most in TIGHTEST.values())


def problems(stack: str) -> Iterator[Problem]:
    """What is wrong with a stack's name."""
    plain = re.sub(r"[^a-z0-9]+", "-", stack.lower()).strip("-")[:LONGEST].strip("-")
    plain = plain or "prod"
    way_out = f"call the file Pulumi.{plain}.yaml, and the stack so: `pulumi stack init {plain}`"
    if not FORM.fullmatch(stack):
        yield Problem(
            (),
            stack,
            "lower-case letters, digits and single hyphens between them",
            f"its database is called {PROJECT}-{stack}, and RDS takes nothing else",
            way_out,
            within="the stack's name",
        )
    elif len(stack) > LONGEST:
        kind, (name, most) = min(TIGHTEST.items(), key=lambda each: each[1][1] - len(each[1][0]))
        yield Problem(
            (),
            stack,
            f"at most {LONGEST} characters",
            f"{kind} is called {name.format('<stack>')}, and has {most} characters at most",
            way_out,
            within="the stack's name",
        )
    elif found := REPLICA.fullmatch(stack):
        base, number = found.groups()
        yield Problem(
            (),
            stack,
            "no -replica- and a number at its end",
            f"{PROJECT}-{stack} is what replica {number} of a stack {base} is called",
            way_out.replace(stack, f"{base}-{number}"),
            within="the stack's name",
        )
