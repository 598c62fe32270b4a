"""Every rule of the pack: a folder a layer, as in ``components/``, and a module a subject."""

from policies.rule import Rule
from policies.rules import api, data, edge, operations, security, stack

RULES: tuple[Rule, ...] = (
    *edge.RULES,
    *api.RULES,
    *data.RULES,
    *security.RULES,
    *operations.RULES,
    *stack.RULES,
)
