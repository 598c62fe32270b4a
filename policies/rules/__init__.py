"""Every rule of the pack, a module a subject."""

from policies.rule import Rule
from policies.rules import storage

RULES: tuple[Rule, ...] = (*storage.RULES,)
