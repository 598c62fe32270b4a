"""Rules for what is told of requests that AWS WAF refused."""

from collections.abc import Iterator, Mapping
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from policies.paths import value, values, wholly
from policies.predicates import ON
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.edge.firewall import ACL
from policies.stack import Stack

LOGGING: Final = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
LOG_POLICY: Final = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"

DESTINATIONS: Final = "logDestinationConfigs[*]"
CREDENTIALS: Final = ("authorization", "cookie")
LOGS_PREFIX: Final = "aws-waf-logs-"
"""https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html"""

ROWS: Final[tuple[Rule, ...]] = (
    Companion(
        name="firewall-logging",
        type=ACL,
        companion=LOGGING,
        by="resourceArn",
        controls=["10.2"],
        fix="declare a wafv2.WebAclLoggingConfiguration for the web ACL",
        production=True,
    ),
    *(
        Property(
            name=f"{name}-{what}",
            type=ACL,
            path=f"{path}.{key}",
            must=ON,
            controls=["10.3"],
            fix=f"set {key} to true: {why}",
            production=True,
        )
        for name, path in (
            ("firewall", "visibilityConfig"),
            ("firewall-rule", "rules[*].visibilityConfig"),
        )
        for what, key, why in (
            ("metrics", "cloudwatchMetricsEnabled", "alarms on what is blocked need it"),
            ("samples", "sampledRequestsEnabled", "a number does not say who was refused"),
        )
    ),
)


@rule(
    "10.2",
    production=True,
    fix="log to a LogGroup aws-waf-logs-... of the stack's, and let a loggingFilter keep BLOCK",
)
def firewall_logs_kept(stack: Stack) -> Iterator[Judgement]:
    """What was blocked is logged where AWS WAF can write, in a group the stack keeps."""
    for logging in stack.of(LOGGING):
        groups = stack.targets(logging, DESTINATIONS, LOG_GROUP)
        names = [g.inputs.get("name") or g.inputs.get("namePrefix") for g in groups]
        if not groups or not all(map(_for_firewalls, names)):
            where = ", ".join(map(str, names)) or "no group of the stack"
            yield violated(logging, f"logs to {where}")
        elif UNKNOWN in names:
            yield undecided(logging, "its group's name")
        elif not wholly(logging.inputs.get("loggingFilter")):
            yield undecided(logging, "loggingFilter")
        elif not _keeps_blocked(logging):
            yield violated(logging, "its loggingFilter drops what was blocked")
        else:
            yield met(logging)


def _for_firewalls(name: Data) -> bool:
    return name is UNKNOWN or str(name).startswith(LOGS_PREFIX)


def _keeps_blocked(logging: Resource) -> bool:
    if value(logging.inputs, "loggingFilter.defaultBehavior") != "DROP":
        return True
    filters = values(logging.inputs, "loggingFilter.filters[*]")
    kept = [
        action
        for each in filters
        if isinstance(each, Mapping) and each.get("behavior") == "KEEP"
        for action in values(each, "conditions[*].actionCondition.action")
    ]
    return "BLOCK" in kept


@rule("10.8", production=True, fix=f"add {' and '.join(CREDENTIALS)} to redactedFields")
def firewall_logs_without_credentials(stack: Stack) -> Iterator[Judgement]:
    """Logs do not hold what a reader could sign in with."""
    for logging in stack.of(LOGGING):
        found = values(logging.inputs, "redactedFields[*].singleHeader.name")
        left = set(CREDENTIALS) - {str(name).lower() for name in found}
        if not left:
            yield met(logging)
        elif UNKNOWN in found:
            yield undecided(logging, "redactedFields")
        else:
            yield violated(logging, f"logs {', '.join(sorted(left))}")


@rule("13.4", fix="declare a cloudwatch.LogResourcePolicy for delivery.logs.amazonaws.com")
def firewall_may_log(stack: Stack) -> Iterator[Judgement]:
    """Who delivers a firewall's log is allowed to: else AWS allows itself every group there is.

    https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
    """
    for logging in stack.of(LOGGING):
        for group in stack.targets(logging, DESTINATIONS, LOG_GROUP):
            allowed = stack.companions(group, LOG_POLICY, "policyDocument")
            yield met(logging) if allowed else violated(logging, "nothing lets it write its log")


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    firewall_may_log,
    firewall_logs_kept,
    firewall_logs_without_credentials,
)
