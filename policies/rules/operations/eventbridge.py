"""Rules for EventBridge, by which S3 tells of restored objects."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import Unknown
from policies.predicates import GIVEN, between
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.stack.sharing import OWN
from policies.stack import Stack

TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
BUS_POLICY: Final = "aws:cloudwatch/eventBusPolicy:EventBusPolicy"

HOUR: Final = 3600

_target = partial(Property, type=TARGET)

ROWS: Final[tuple[Rule, ...]] = (
    _target(
        name="event-target-keeps-what-failed",
        path="deadLetterConfig.arn",
        must=GIVEN,
        controls=["13.16"],
        fix="set deadLetterConfig.arn to a queue",
    ),
    _target(
        name="event-target-retries",
        path="retryPolicy.maximumRetryAttempts",
        must=between(1, 185),
        controls=["13.16"],
        fix="set retryPolicy.maximumRetryAttempts",
    ),
    _target(
        name="event-target-retries-in-time",
        path="retryPolicy.maximumEventAgeInSeconds",
        must=between(60, 24 * HOUR),
        controls=["13.16"],
        fix="set retryPolicy.maximumEventAgeInSeconds to a day at most, AWS's limit",
    ),
)


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


RULES: Final[tuple[Rule, ...]] = (*ROWS, event_bus_closed)
