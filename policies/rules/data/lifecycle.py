"""Rules for what S3 does with objects by their age."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Any, Final

from graph.model import UNKNOWN, Data, Resource, Unknown
from policies.paths import MISSING, value, values, wholly
from policies.predicates import equals
from policies.purpose import BUCKET, is_origin, is_replica, takes_evidence, takes_logs
from policies.rule import (
    Companion,
    Judgement,
    Property,
    Rule,
    each_known,
    met,
    rule,
    undecided,
    violated,
)
from policies.stack import Stack

LIFECYCLE: Final = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"

MULTIPART_DAYS: Final = 7
LONGEST_NONCURRENT: Final = 180
INSTANCE: Final = "aws:rds/instance:Instance"
PLAN: Final = "aws:backup/plan:Plan"
YEAR: Final = 365
LONGEST_LOGS: Final = 5 * YEAR + 2
"""The longest CloudWatch Logs keeps of what fits a few years; a warehouse is elsewhere."""
FIRST_DAYS, LAST_DAYS = 60, 180
"""By when data turns warm and cold; 7 and 30 days are the platform's own."""

COLDER: Final = (
    "STANDARD_IA",
    "INTELLIGENT_TIERING",
    "ONEZONE_IA",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
)
"""Objects move to the right only:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html"""

LifecycleRule = Mapping[str, Any]
Judge = Callable[[Resource, list[LifecycleRule]], Judgement | None]

ROWS: Final[tuple[Rule, ...]] = (
    Companion(
        name="bucket-lifecycle",
        type=BUCKET,
        companion=LIFECYCLE,
        by="bucket",
        controls=["1.10"],
        fix="declare an s3.BucketLifecycleConfiguration for the bucket",
    ),
    Property(
        name="lifecycle-rules-enabled",
        type=LIFECYCLE,
        path="rules[*].status",
        must=equals("Enabled"),
        controls=["1.10"],
        fix="set the rule's status to Enabled, or remove the rule",
    ),
)


def _rules(lifecycle: Resource) -> list[LifecycleRule] | Unknown:
    """Its rules that are enabled."""
    found = lifecycle.inputs.get("rules") or []
    if not wholly(found):
        return UNKNOWN
    return [each for each in found if each.get("status") == "Enabled"]


def _whole(rules: list[LifecycleRule]) -> list[LifecycleRule]:
    """Those about every object: a filter, or none, that no key fails."""
    return [each for each in rules if not any((each.get("filter") or {}).values())]


def _days(rules: list[LifecycleRule], path: str) -> list[Data]:
    return [found for each in rules if (found := value(each, path)) is not MISSING]


def _each(stack: Stack, judge: Judge, of: Callable[[Resource], bool] = bool) -> Iterator[Judgement]:
    """The verdict on the lifecycle of each bucket that is such a one."""
    found = (
        (lifecycle, _rules(lifecycle))
        for bucket in filter(of, stack.of(BUCKET))
        for lifecycle in stack.companions(bucket, LIFECYCLE, "bucket")
    )
    return each_known(found, "rules", judge)


@rule(
    "1.11", fix=f"abort multipart uploads of the whole bucket after {MULTIPART_DAYS} days at most"
)
def bucket_uploads_aborted(stack: Stack) -> Iterator[Judgement]:
    """Parts of uploads that nobody finished are removed: they are billed, and not listed."""
    return _each(stack, _aborted)


def _aborted(lifecycle: Resource, rules: list[LifecycleRule]) -> Judgement:
    days = _days(_whole(rules), "abortIncompleteMultipartUpload.daysAfterInitiation")
    if any(isinstance(each, int) and 1 <= each <= MULTIPART_DAYS for each in days):
        return met(lifecycle)
    return violated(lifecycle, f"aborts uploads after {days or 'no'} days")


@rule(
    "1.10",
    fix=f"let noncurrentVersionExpiration of the whole bucket be 1 to {LONGEST_NONCURRENT} days, "
    "or as long as the database comes back: longer, and what people deleted is still there; and "
    "set expiredObjectDeleteMarker",
)
def bucket_versions_expire(stack: Stack) -> Iterator[Judgement]:
    """Versions that are no longer current go, and so does the mark that stands in for the last."""
    return _each(stack, partial(_expiring, _longest_restore(stack)))


def _longest_restore(stack: Stack) -> int | Unknown:
    """From how many days ago a database comes back: to the minute or as a snapshot."""
    kept = {INSTANCE: "backupRetentionPeriod", PLAN: "rules[*].lifecycle.deleteAfter"}
    found = [each for kind, path in kept.items() for each in _everywhere(stack, kind, path)]
    if UNKNOWN in found:
        return UNKNOWN
    return max((days for days in found if isinstance(days, int)), default=0)


def _everywhere(stack: Stack, kind: str, path: str) -> Iterator[Data]:
    return (found for each in stack.of(kind) for found in values(each.inputs, path))


def _expiring(longest: int | Unknown, lifecycle: Resource, rules: list[LifecycleRule]) -> Judgement:
    whole = _whole(rules)
    days = _days(whole, "noncurrentVersionExpiration.noncurrentDays")
    known = LONGEST_NONCURRENT if isinstance(longest, Unknown) else max(LONGEST_NONCURRENT, longest)
    if not any(isinstance(each, int) and 1 <= each <= known for each in days):
        if days and isinstance(longest, Unknown):
            return undecided(lifecycle, "rules")
        return violated(lifecycle, f"noncurrent versions go after {days or 'no'} days")
    if True not in _days(whole, "expiration.expiredObjectDeleteMarker"):
        return violated(lifecycle, "marks of deleted objects stay")
    return met(lifecycle)


@rule(
    fix="let noncurrentVersionExpiration be 7 days at least: a mistake is found on Monday",
    severity="medium",
    production=True,
)
def bucket_versions_kept(stack: Stack) -> Iterator[Judgement]:
    """What was overwritten or deleted can be brought back for a week; logs and evidence nobody
    overwrites."""
    return _each(stack, _kept, of=lambda b: not (takes_logs(stack, b) or takes_evidence(stack, b)))


def _kept(lifecycle: Resource, rules: list[LifecycleRule]) -> Judgement:
    days = _days(rules, "noncurrentVersionExpiration.noncurrentDays")
    short = [each for each in days if isinstance(each, int) and each < 7]
    return violated(lifecycle, f"keeps versions {short} days") if short else met(lifecycle)


@rule(
    fix="let noncurrentVersionExpiration be as long as the longest backup of the database is kept, "
    "or keep those no longer",
    severity="medium",
    production=True,
)
def bucket_versions_outlive_restores(stack: Stack) -> Iterator[Judgement]:
    """A database of an earlier day finds the objects of that day: their former versions are kept as
    long. What is served can be built again, and a copy is of another bucket."""
    judge = partial(_as_long, _longest_restore(stack))
    return _each(stack, judge, of=partial(_keeps_objects, stack))


def _keeps_objects(stack: Stack, bucket: Resource) -> bool:
    others = (takes_logs, takes_evidence, is_origin, is_replica)
    return not any(each(stack, bucket) for each in others)


def _as_long(longest: int | Unknown, lifecycle: Resource, rules: list[LifecycleRule]) -> Judgement:
    days = _days(_whole(rules), "noncurrentVersionExpiration.noncurrentDays")
    if isinstance(longest, Unknown):
        return undecided(lifecycle, "rules")
    if any(isinstance(each, int) and each < longest for each in days):
        return violated(
            lifecycle, f"keeps versions {days} days, the database comes back after {longest}"
        )
    return met(lifecycle)


@rule(
    fix=f"expire access logs after {YEAR} to {LONGEST_LOGS} days: an intrusion is looked into late",
    severity="medium",
    production=True,
)
def access_logs_kept(stack: Stack) -> Iterator[Judgement]:
    """Access logs are kept for a year, and not for ever."""
    return _each(stack, _kept_a_year, of=partial(takes_logs, stack))


def _kept_a_year(lifecycle: Resource, rules: list[LifecycleRule]) -> Judgement:
    days = _days(rules, "expiration.days")
    if days and all(isinstance(d, int) and YEAR <= d <= LONGEST_LOGS for d in days):
        return met(lifecycle)
    return violated(lifecycle, f"access logs expire after {days or 'no'} days")


@rule(
    "1.16",
    fix=f"order transitions by day and from warm to cold, the first by day {FIRST_DAYS}, all by "
    f"day {LAST_DAYS}, expiration last",
)
def lifecycle_tiers_ordered(stack: Stack) -> Iterator[Judgement]:
    """Objects turn warm, then cold, then go, as S3 allows it and in time to save something."""
    return _each(stack, _ordered)


def _ordered(lifecycle: Resource, rules: list[LifecycleRule]) -> Judgement | None:
    tiered = [each for each in rules if each.get("transitions")]
    faults = [fault for each in tiered for fault in _disorder(each)]
    if faults:
        return violated(lifecycle, "; ".join(faults))
    return met(lifecycle) if tiered else None


def _disorder(tiers: LifecycleRule) -> Iterator[str]:
    steps = [(each.get("days"), each.get("storageClass")) for each in tiers["transitions"]]
    if any(not isinstance(days, int) or kind not in COLDER for days, kind in steps):
        yield "a transition has no days, or no class S3 knows"
        return
    for (day, kind), (later, colder) in pairwise(steps):
        if later <= day or COLDER.index(colder) <= COLDER.index(kind):
            yield f"{colder} at day {later} after {kind} at day {day}"
    if steps[0][0] > FIRST_DAYS or steps[-1][0] > LAST_DAYS:
        yield f"objects move at days {[day for day, _ in steps]}"
    gone = value(tiers, "expiration.days")
    if isinstance(gone, int) and gone <= steps[-1][0]:
        yield f"objects go at day {gone}, before they are cold"


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    bucket_uploads_aborted,
    bucket_versions_expire,
    bucket_versions_kept,
    bucket_versions_outlive_restores,
    access_logs_kept,
    lifecycle_tiers_ordered,
)
