"""Rules for schedules, event rules and streams: what calls functions, and what then fails."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import Resource, Unknown
from policies.documents import Statement
from policies.paths import MISSING, values
from policies.predicates import GIVEN, between
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.security.roles import ROLE_POLICY
from policies.rules.security.trust import ROLE, trusted
from policies.rules.stack.sharing import OWN
from policies.stack import Stack

SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
MAPPING: Final = "aws:lambda/eventSourceMapping:EventSourceMapping"
BUS_POLICY: Final = "aws:cloudwatch/eventBusPolicy:EventBusPolicy"
INVOKE: Final = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
FUNCTION: Final = "aws:lambda/function:Function"
TOPIC: Final = "aws:sns/topic:Topic"
QUEUE: Final = "aws:sqs/queue:Queue"

HOUR: Final = 3600
FAILURES: Final = (
    (SCHEDULE, "target.deadLetterConfig.arn"),
    (TARGET, "deadLetterConfig.arn"),
    (MAPPING, "destinationConfig.onFailure.destinationArn"),
    (INVOKE, "destinationConfig.onFailure.destination"),
    (FUNCTION, "deadLetterConfig.targetArn"),
)
"""What sends on what failed, and where it says to."""

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
    Property(
        name="event-target-keeps-what-failed",
        type=TARGET,
        path="deadLetterConfig.arn",
        must=GIVEN,
        controls=["13.16"],
        fix="set deadLetterConfig.arn to a queue",
    ),
    Property(
        name="event-target-retries",
        type=TARGET,
        path="retryPolicy.maximumRetryAttempts",
        must=between(1, 185),
        controls=["13.16"],
        fix="set retryPolicy.maximumRetryAttempts",
    ),
    Property(
        name="event-target-retries-in-time",
        type=TARGET,
        path="retryPolicy.maximumEventAgeInSeconds",
        must=between(60, 24 * HOUR),
        controls=["13.16"],
        fix="set retryPolicy.maximumEventAgeInSeconds to a day at most, AWS's limit",
    ),
)


@rule("13.16", fix="name a queue or topic of the stack")
def failures_kept_by_the_stack(stack: Stack) -> Iterator[Judgement]:
    """What failed goes to a queue or topic that the stack has, with its key, policy and alarm."""
    for kind, path in FAILURES:
        for resource in stack.of(kind):
            if MISSING in values(resource.inputs, path):
                continue
            kept = stack.targets(resource, path, QUEUE, TOPIC)
            yield met(resource) if kept else violated(resource, f"{path} is nothing of the stack's")


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


@rule("13.18", fix="name principals of this account only")
def event_bus_closed(stack: Stack) -> Iterator[Judgement]:
    """Other accounts put no events on a bus of the stack."""
    for policy in stack.of(BUS_POLICY):
        statements = stack.statements(policy, "policy")
        if isinstance(statements, Unknown):
            yield undecided(policy, "policy")
        elif any(s.allows and "*" in s.who and not s.limit(*OWN) for s in statements):
            yield violated(policy, "takes everybody's events")
        else:
            yield met(policy)


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    failures_kept_by_the_stack,
    schedule_roles_call_what_is_scheduled,
    event_bus_closed,
)
