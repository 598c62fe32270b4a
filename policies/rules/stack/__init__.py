"""Rules for what only the whole stack shows: who reaches what, and what a change would destroy."""

from policies.rule import Rule
from policies.rules.stack import (
    destruction,
    permissions,
    reachability,
    sharing,
)

RULES: tuple[Rule, ...] = (
    *permissions.RULES,
    *sharing.RULES,
    *reachability.RULES,
    *destruction.RULES,
)
