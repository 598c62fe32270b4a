"""Rules for what only the whole stack shows: who reaches what, what a change destroys or opens."""

from policies.rule import Rule
from policies.rules.stack import (
    access,
    destruction,
    logs,
    permissions,
    reachability,
    sharing,
    unattended,
    watching,
)

RULES: tuple[Rule, ...] = (
    *permissions.RULES,
    *sharing.RULES,
    *reachability.RULES,
    *logs.RULES,
    *watching.RULES,
    *unattended.RULES,
    *destruction.RULES,
    *access.RULES,
)
