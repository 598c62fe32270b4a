"""Rules for what watches and upkeeps the stack."""

from policies.rule import Rule
from policies.rules.operations import (
    alarms,
    events,
    logs,
    messaging,
    watching,
)

RULES: tuple[Rule, ...] = (
    *messaging.RULES,
    *events.RULES,
    *logs.RULES,
    *alarms.RULES,
    *watching.RULES,
)
