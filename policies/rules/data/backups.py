"""Rules for AWS Backup: plans, what is in them, and how long snapshots are kept."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Data, Resource
from graph.stores import TABLE
from policies.paths import MISSING, value, values
from policies.predicates import GIVEN, between
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.instance import INSTANCE, primary
from policies.stack import Stack

PLAN: Final = "aws:backup/plan:Plan"
SELECTION: Final = "aws:backup/selection:Selection"

SEVEN_YEARS: Final = 7 * 365 + 2
DAY_MINUTES: Final = 24 * 60
START_MINUTES: Final = 8 * 60

_plan = partial(Property, type=PLAN)

ROWS: Final[tuple[Rule, ...]] = (
    _plan(
        name="backups-on-a-schedule",
        path="rules[*].schedule",
        must=GIVEN,
        controls=["12.2"],
        fix="set rules[].schedule",
    ),
    Companion(
        name="backup-plan-selects",
        type=PLAN,
        companion=SELECTION,
        by="planId",
        controls=["12.3"],
        fix="declare a backup.Selection: a plan without one backs nothing up",
    ),
    _plan(
        name="snapshots-expire",
        path="rules[*].lifecycle.deleteAfter",
        must=between(1, SEVEN_YEARS),
        controls=["12.5"],
        fix="set rules[*].lifecycle.deleteAfter: unset, snapshots are kept, and billed, for ever; "
        "seven years is the longest asked for",
    ),
    _plan(
        name="snapshots-start-in-time",
        path="rules[*].startWindow",
        must=between(60, START_MINUTES),
        controls=["12.2"],
        fix="set rules[*].startWindow: a job that waits for eight hours runs into the database's "
        "own backup",
    ),
    _plan(
        name="snapshots-end-in-time",
        path="rules[*].completionWindow",
        must=between(60, 2 * DAY_MINUTES),
        controls=["12.2"],
        fix="set rules[*].completionWindow: a job that hangs is heard of when its window ends, "
        "after seven days if unset",
    ),
)


@rule("12.4", fix="copy to a vault of another Region in rules[].copyActions", production=True)
def backups_elsewhere(stack: Stack) -> Iterator[Judgement]:
    """Some rule of each plan copies what it makes to another vault."""
    for plan in stack.of(PLAN):
        copies = values(plan.inputs, "rules[*].copyActions[*].destinationVaultArn")
        copied = set(copies) - {MISSING}
        yield met(plan) if copied else violated(plan, "its backups are in one vault")


@rule(
    "12.9",
    fix="set enableContinuousBackup of a rule, kept for 35 days at most, or have the stores do it",
    production=True,
)
def backups_continuous(stack: Stack) -> Iterator[Judgement]:
    """What a plan selects can be brought back as it was at any second: by the plan, or by its own.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
    """
    for plan in stack.of(PLAN):
        found = [_continuous(each) for each in values(plan.inputs, "rules[*]")]
        selections = stack.companions(plan, SELECTION, "planId")
        selected = [s for each in selections for s in _selected(stack, each)]
        own = [_by_itself(store) for store in selected]
        if True in found or (own and all(own)):
            yield met(plan)
        elif None in (*found, *own):
            yield undecided(plan, "rules")
        else:
            yield violated(plan, "brings back days, not seconds")


def _selected(stack: Stack, selection: Resource) -> list[Resource]:
    return stack.targets(selection, "resources[*]", INSTANCE, TABLE)


def _by_itself(store: Resource) -> bool | None:
    on, days = (
        value(store.inputs, path)
        for path in ("pointInTimeRecovery.enabled", "backupRetentionPeriod")
    )
    if UNKNOWN in (on, days):
        return None
    return on is True or (isinstance(days, int) and days > 0)


def _continuous(plan_rule: Data) -> bool | None:
    on = value(plan_rule, "enableContinuousBackup")
    days = value(plan_rule, "lifecycle.deleteAfter")
    if UNKNOWN in (on, days):
        return None
    return on is True and isinstance(days, int) and 1 <= days <= 35


@rule("12.5", fix="set deleteAfter to coldStorageAfter + 90 days or more")
def backup_lifecycles_legal(stack: Stack) -> Iterator[Judgement]:
    """What turns cold stays there for the 90 days that are billed, copies too."""
    for plan in stack.of(PLAN):
        cycles = [
            cycle
            for path in ("rules[*].lifecycle", "rules[*].copyActions[*].lifecycle")
            for cycle in values(plan.inputs, path)
        ]
        found = [_legal(cycle) for cycle in cycles]
        if False in found:
            yield violated(plan, "deletes before 90 days of cold")
        else:
            yield undecided(plan, "lifecycle") if None in found else met(plan)


def _legal(lifecycle: Data) -> bool | None:
    cold, gone = (value(lifecycle, key) for key in ("coldStorageAfter", "deleteAfter"))
    if UNKNOWN in (cold, gone):
        return None
    return MISSING in (cold, gone) or not cold or not gone or bool(gone >= cold + 90)


@rule("5.5", "7.20", "12.3", production=True, fix="name it in a backup.Selection")
def data_in_a_backup_plan(stack: Stack) -> Iterator[Judgement]:
    """Databases and tables that keep data are in a backup plan, by their ARN or by a tag."""
    for store in (*filter(primary, stack.of(INSTANCE)), *filter(_lasting, stack.of(TABLE))):
        named = stack.companions(store, SELECTION, "resources[*]")
        tagged = [s for s in stack.of(SELECTION) if _tagged(s, store)]
        yield met(store) if named or tagged else violated(store, "no backup plan has it")


def _lasting(table: Resource) -> bool:
    """Whether its items stay: what expires by itself needs no backup."""
    return "ttl" not in table.inputs


def _tagged(selection: Resource, store: Resource) -> bool:
    tags = store.outputs.get("tagsAll") or store.inputs.get("tags")
    tags = tags if isinstance(tags, Mapping) else {}
    wanted = values(selection.inputs, "selectionTags[*]")
    return any(
        isinstance(each, Mapping) and each.get("key") in tags and tags[each["key"]] == each["value"]
        for each in wanted
    )


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    backups_elsewhere,
    backups_continuous,
    backup_lifecycles_legal,
    data_in_a_backup_plan,
)
