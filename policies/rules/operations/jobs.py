"""Rules for schedules: what they call, and how often it is tried."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import Resource, Unknown
from policies.documents import Statement
from policies.paths import values
from policies.predicates import GIVEN, between
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.security.roles import ROLE_POLICY
from policies.rules.security.trust import ROLE, trusted
from policies.stack import Stack

SCHEDULE: Final = "aws:scheduler/schedule:Schedule"

HOUR: Final = 3600

_schedule = partial(Property, type=SCHEDULE)

ROWS: Final[tuple[Rule, ...]] = (
    _schedule(
        name="schedule-keeps-what-failed",
        path="target.deadLetterConfig.arn",
        must=GIVEN,
        controls=["13.16"],
        fix="set target.deadLetterConfig.arn to a queue",
    ),
    _schedule(
        name="schedule-retries",
        path="target.retryPolicy.maximumRetryAttempts",
        must=between(1, 10),
        controls=["13.16"],
        fix="set target.retryPolicy.maximumRetryAttempts to 1 to 10: 185, AWS's own, hide a fault",
    ),
    _schedule(
        name="schedule-retries-in-time",
        path="target.retryPolicy.maximumEventAgeInSeconds",
        must=between(60, 6 * HOUR),
        controls=["13.16"],
        fix="set target.retryPolicy.maximumEventAgeInSeconds to 6 hours at most: the next run does "
        "what this one could not",
    ),
    _schedule(
        name="schedule-under-own-key",
        path="kmsKeyArn",
        must=GIVEN,
        controls=["13.17"],
        fix="set kmsKeyArn to the platform's key",
    ),
)


@rule("14.3", fix="declare the scheduler.Schedule, or take the function from the role's policy")
def schedule_roles_call_what_is_scheduled(stack: Stack) -> Iterator[Judgement]:
    """A scheduler's role may invoke what a schedule calls: no schedule is missing, and nothing is
    allowed in vain."""
    for policy in stack.of(ROLE_POLICY):
        roles = stack.targets(policy, "role", ROLE)
        found = stack.statements(policy, "policy")
        if not any(_for_scheduler(stack, role) for role in roles):
            continue
        if isinstance(found, Unknown):
            yield undecided(policy, "policy")
            continue
        called = [v for s in stack.of(SCHEDULE) for v in values(s.inputs, "target.arn")]
        idle = [arn for s in found for arn in _invoked(s) if arn not in called]
        if idle and not any(isinstance(arn, Unknown) for arn in called):
            yield violated(policy, f"no schedule calls {', '.join(idle)}")
        else:
            yield undecided(policy, "target.arn") if idle else met(policy)


def _for_scheduler(stack: Stack, role: Resource) -> bool:
    return "scheduler.amazonaws.com" in trusted(stack, role)


def _invoked(statement: Statement) -> list[str]:
    invokes = statement.allows and "lambda:InvokeFunction" in statement.actions
    return [arn for arn in statement.resources if isinstance(arn, str)] if invokes else []


RULES: Final[tuple[Rule, ...]] = (*ROWS, schedule_roles_call_what_is_scheduled)
