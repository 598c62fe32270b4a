"""What the roles are called that GitHub's workflows take: a stack declares them, and its workflows
name them before anybody can ask AWS."""

from typing import Final

PATH: Final = "/ma-platform-delivery/"
"""What decides who may deploy, of all stacks of an account: no deploying role reaches it."""
ROLES: Final = ("deploy", "preview", "drift")


def path(stack: str) -> str:
    """Where one stack's are."""
    return f"{PATH}{stack}/"


def role_name(project: str, stack: str, role: str) -> str:
    return f"{project}-{stack}-{role}"


def role_arn(account: str, project: str, stack: str, role: str) -> str:
    return f"arn:aws:iam::{account}:role{path(stack)}{role_name(project, stack, role)}"
