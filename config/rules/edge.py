"""The platform's name, and what the account's plan allows."""

from collections.abc import Iterator

from config.model import StackConfig
from config.problems import Problem


def domain_has_a_zone(stack: StackConfig) -> Iterator[Problem]:
    """A name needs the zone its records and its certificate's proof go to."""
    edge = stack.edge
    if edge.domain and not edge.zone_id:
        yield Problem(
            ("edge", "domain"),
            edge.domain,
            "an edge.zone_id beside it",
            "certificate and address records are written into the domain's existing zone",
            "set edge.zone_id to the Route 53 zone's id, or remove edge.domain",
        )
    if edge.zone_id and not edge.domain:
        yield Problem(
            ("edge", "zone_id"),
            edge.zone_id,
            "an edge.domain beside it",
            "a zone alone names nothing",
            "set edge.domain, or remove edge.zone_id",
        )


def free_plan_holds(stack: StackConfig) -> Iterator[Problem]:
    """An account on AWS's Free plan refuses long backups and flat-rate plans."""
    if not stack.account.free_plan:
        return
    if stack.database.backup_days > 1:
        yield Problem(
            ("database", "backup_days"),
            stack.database.backup_days,
            "at most 1 while account.free_plan is true",
            "RDS answers FreeTierRestrictionError to more",
            "set database.backup_days to 1, or leave the Free plan",
        )
    if stack.edge.plan != "payg":
        yield Problem(
            ("edge", "plan"),
            stack.edge.plan,
            "payg while account.free_plan is true",
            "an account on the Free plan cannot subscribe to a flat-rate plan",
            "set edge.plan to payg, or leave the Free plan",
        )
