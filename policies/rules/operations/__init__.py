"""Rules for what watches the stack and calls its functions: alarms, notices, topics, schedules."""

from policies.rule import Rule
from policies.rules.operations import (
    alarms,
    database_events,
    eventbridge,
    failures,
    jobs,
    topics,
)

RULES: tuple[Rule, ...] = (
    *topics.RULES,
    *failures.RULES,
    *jobs.RULES,
    *eventbridge.RULES,
    *database_events.RULES,
    *alarms.RULES,
)
