"""Rules for RDS's own notices: of what somebody is told."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import wholly
from policies.predicates import ON
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.instance import INSTANCE
from policies.stack import Stack

SUBSCRIPTION: Final = "aws:rds/eventSubscription:EventSubscription"

EVENTS: Final = {
    "db-instance": ("7.17", {"configuration change", "failure", "maintenance"}),
    "db-parameter-group": ("7.18", {"configuration change"}),
}
"""What somebody must hear of, by what it happens to."""
EVERYTHING: Final = frozenset({"every category"})

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="database-events-sent",
        type=SUBSCRIPTION,
        path="enabled",
        must=ON,
        controls=["7.17", "7.18"],
        fix="set enabled to true",
    ),
)


def _subscribed(kind: str) -> Rule:
    control, categories = EVENTS[kind]

    @rule(control, fix=f"declare an rds.EventSubscription of sourceType {kind}")
    def heard(stack: Stack) -> Iterator[Judgement]:
        about = [s for s in stack.of(SUBSCRIPTION) if s.inputs.get("sourceType") in (kind, UNKNOWN)]
        told = [_told(each) for each in about]
        missing = categories - {each for several in told if several for each in several}
        for instance in stack.of(INSTANCE):
            if EVERYTHING in told or not missing:
                yield met(instance)
            elif None in told:
                yield undecided(instance, "eventCategories")
            else:
                what = ", ".join(sorted(missing))
                yield violated(instance, f"nobody is told of {kind} events: {what}")

    name = f"database-{kind.removeprefix('db-')}-events-heard"
    return replace(heard, name=name, description=f"Somebody is told when a {kind} changes or fails")


def _told(subscription: Resource) -> frozenset[Data] | None:
    """The categories somebody is told of, all if none is named; None where that is unknown."""
    named = subscription.inputs.get("eventCategories")
    if subscription.inputs.get("enabled") is False:
        return frozenset()
    unknown = not wholly(named) or subscription.inputs.get("sourceType") is UNKNOWN
    return None if unknown else frozenset(named or EVERYTHING)


RULES: Final[tuple[Rule, ...]] = (*ROWS, *(_subscribed(kind) for kind in EVENTS))
