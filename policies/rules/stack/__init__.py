"""Rules for what only the whole stack shows: who reaches what, and what a change would destroy."""

from policies.rule import Rule
from policies.rules.stack import (
    destruction,
    logs,
    permissions,
    reachability,
    sharing,
    watching,
)

RULES: tuple[Rule, ...] = (
    *permissions.RULES,
    *sharing.RULES,
    *reachability.RULES,
    *logs.RULES,
    *watching.RULES,
    *destruction.RULES,
)
