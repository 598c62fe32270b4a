"""Rules for what watches and upkeeps the stack."""

from policies.rule import Rule
from policies.rules.operations import (
    alarms,
    database_events,
    events,
    logs,
    messaging,
    watching,
)

RULES: tuple[Rule, ...] = (
    *messaging.RULES,
    *database_events.RULES,
    *events.RULES,
    *logs.RULES,
    *alarms.RULES,
    *watching.RULES,
)
