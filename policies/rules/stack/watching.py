"""Rules for what must be watched: stores, entrances, guards and what all of it costs."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from graph.model import UNKNOWN, Resource
from graph.stores import TABLE
from policies.metrics import ALARM, NAME, about, metrics
from policies.paths import value
from policies.rule import Judgement, Only, Rule, met, rule, undecided, violated
from policies.rules.data.instance import INSTANCE, primary
from policies.rules.security.identity import POOL
from policies.stack import Stack

BUDGET: Final = "aws:budgets/budget:Budget"
DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
API: Final = "aws:apigatewayv2/api:Api"
WEB_ACL: Final = "aws:wafv2/webAcl:WebAcl"

HEARERS: Final = ("subscriberEmailAddresses", "subscriberSnsTopicArns")


class Watched(NamedTuple):
    """What must have alarms, the dimension they name it by, and on which metrics."""

    type: str
    dimension: str
    metrics: frozenset[str]
    only: Only = bool
    """Which of them, told from their own properties."""


def _speaks(protocol: str) -> Only:
    return lambda api: api.inputs.get("protocolType") == protocol


def _lasts(table: Resource) -> bool:
    return "ttl" not in table.inputs


DATABASE: Final = frozenset(
    {"CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "FreeableMemory"}
)
ALWAYS: Final = (
    Watched(INSTANCE, "DBInstanceIdentifier", DATABASE, primary),
    Watched(API, "ApiId", frozenset({"5xx", "Latency"}), _speaks("HTTP")),
)
IN_PRODUCTION: Final = (
    Watched(DISTRIBUTION, "DistributionId", frozenset({"5xxErrorRate"})),
    Watched(API, "ApiId", frozenset({"ExecutionError"}), _speaks("WEBSOCKET")),
    Watched(
        INSTANCE,
        "DBInstanceIdentifier",
        frozenset({"ReplicaLag"}),
        lambda instance: not primary(instance),
    ),
    Watched(TABLE, "TableName", frozenset({"ReadThrottleEvents", "WriteThrottleEvents"}), _lasts),
    Watched(POOL, "UserPool", frozenset({"SignInThrottles"})),
    Watched(WEB_ACL, "WebACL", frozenset({"BlockedRequests"})),
)


@rule("13.5", fix="state an alarm for it, and enough alarms.metrics to declare it")
def stores_and_entrances_alarmed(stack: Stack) -> Iterator[Judgement]:
    """Every database and HTTP API has alarms that name it."""
    for watched in ALWAYS:
        yield from _alarmed(stack, watched)


@rule(
    fix="state an alarm for it, and enough alarms.metrics to declare it",
    production=True,
    severity="high",
)
def guards_alarmed(stack: Stack) -> Iterator[Judgement]:
    """In production, so have the other entrances, what guards them, and each table and copy that
    lasts. Elsewhere those who build the platform see for themselves."""
    for watched in IN_PRODUCTION:
        yield from _alarmed(stack, watched)


def _alarmed(stack: Stack, watched: Watched) -> Iterator[Judgement]:
    for resource in filter(watched.only, stack.of(watched.type)):
        alarms = [a for a in stack.of(ALARM) if about(a, watched.dimension, resource)]
        on = {name for alarm in alarms for name in metrics(alarm)}
        missing = watched.metrics - on
        if not missing:
            yield met(resource)
        elif UNKNOWN in on or value(resource.inputs, NAME) is UNKNOWN:
            yield undecided(resource, "metricName")
        else:
            yield violated(resource, f"no alarm on {', '.join(sorted(missing))}")


@rule("13.19", fix="notify at ACTUAL and FORECASTED spend, with subscribers")
def budget_alerts(stack: Stack) -> Iterator[Judgement]:
    """A budget tells somebody both of what was spent and of what will be."""
    for budget in stack.of(BUDGET):
        notices = budget.inputs.get("notifications") or ()
        if notices is UNKNOWN or UNKNOWN in notices:
            yield undecided(budget, "notifications")
            continue
        told = {n.get("notificationType") for n in notices if any(n.get(k) for k in HEARERS)}
        missing = ", ".join(sorted({"ACTUAL", "FORECASTED"} - told))
        yield violated(budget, f"nobody is told of {missing} spend") if missing else met(budget)


RULES: Final[tuple[Rule, ...]] = (
    stores_and_entrances_alarmed,
    guards_alarmed,
    budget_alerts,
)
