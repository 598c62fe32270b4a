"""Postgres and the object tiers."""

from collections.abc import Iterator
from itertools import pairwise

from config.instances import KNOWN, most_connections
from config.model import StackConfig
from config.problems import Problem

MINIMUM_DAYS = {
    "STANDARD_IA": 30,
    "ONEZONE_IA": 30,
    "GLACIER_IR": 90,
    "GLACIER": 90,
    "DEEP_ARCHIVE": 180,
}
"""Days S3 bills at least: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html"""


def instance_class_is_known(stack: StackConfig) -> Iterator[Problem]:
    """The memory alarm needs the class's size, which CloudWatch does not report."""
    if stack.database.instance_class not in KNOWN:
        yield Problem(
            ("database", "instance_class"),
            stack.database.instance_class,
            f"one of {', '.join(KNOWN)}",
            "the memory alarm is on a part of the class's memory, so its size must be known",
            "use one of these, or add the class to config/instances.py",
        )


def replicas_need_backups(stack: StackConfig) -> Iterator[Problem]:
    """RDS makes a replica from a backup of its primary."""
    if stack.database.replicas and not stack.database.backup_days:
        yield Problem(
            ("database", "replicas"),
            stack.database.replicas,
            "0 while database.backup_days is 0",
            "RDS creates read replicas only of a primary that keeps backups",
            "set database.backup_days to 1 or more, or replicas to 0",
        )


def replicas_need_our_password(stack: StackConfig) -> Iterator[Problem]:
    """RDS manages no Postgres primary's password while it has replicas."""
    if stack.database.replicas and not stack.database.owns_password():
        yield Problem(
            ("database", "own_password"),
            stack.database.own_password,
            "true while database.replicas is above 0",
            "RDS does not manage the password of a Postgres primary that has replicas",
            "set database.own_password to true, or leave it out",
        )


def storage_may_grow(stack: StackConfig) -> Iterator[Problem]:
    """RDS wants the autoscaling ceiling at least 10 % above the start."""
    database = stack.database
    if database.max_storage_gib and database.max_storage_gib * 10 < database.storage_gib * 11:
        yield Problem(
            ("database", "max_storage_gib"),
            database.max_storage_gib,
            f"0, or at least {-(-database.storage_gib * 11 // 10)}",
            "RDS refuses a ceiling less than 10 % above database.storage_gib",
            "raise it, or set 0 to turn storage autoscaling off",
        )


def monitoring_fits_insights(stack: StackConfig) -> Iterator[Problem]:
    """Advanced Database Insights needs Enhanced Monitoring."""
    if stack.database.insights == "advanced" and not stack.database.monitoring_seconds:
        yield Problem(
            ("database", "insights"),
            "advanced",
            "standard while database.monitoring_seconds is 0",
            "Database Insights advanced reads Enhanced Monitoring",
            "set database.monitoring_seconds to 60, or insights to standard",
        )


def connections_fit_the_memory(stack: StackConfig) -> Iterator[Problem]:
    """Each connection takes memory, which RDS's own default divides among them."""
    database = stack.database
    if database.instance_class not in KNOWN:
        return
    most = most_connections(database.instance_class)
    if database.max_connections > most:
        yield Problem(
            ("database", "max_connections"),
            database.max_connections,
            f"at most {most} with database.instance_class {database.instance_class}",
            "each connection takes memory: with more than RDS itself would allow, Postgres is "
            "killed for want of it rather than refusing one",
            f"lower it to {most}, or choose a larger database.instance_class",
        )


def tiers_follow_each_other(stack: StackConfig) -> Iterator[Problem]:
    """Hot, then warm, then cold, then gone; stays pay each class's minimum."""
    storage = stack.storage
    days = [
        ("hot_days", storage.hot_days),
        ("cold_days", storage.cold_days),
        ("expire_days", storage.expire_days),
    ]
    set_days = [(key, value) for key, value in days if value is not None]
    for (before, low), (after, high) in pairwise(set_days):
        if high <= low:
            yield Problem(
                ("storage", after),
                high,
                f"more than storage.{before}, {low}",
                "an object is hot, then warm, then cold, then gone",
                f"raise {after} or lower {before}",
            )
    if storage.early_fees == "refuse":
        yield from _full_stays(stack)


def _full_stays(stack: StackConfig) -> Iterator[Problem]:
    storage = stack.storage
    leaves_warm = storage.cold_days or storage.expire_days
    stays: list[tuple[str, int, int | None, str]] = [
        (storage.warm_class, storage.hot_days, leaves_warm, "warm_class")
    ]
    if storage.cold_days:
        stays.append((storage.cold_class, storage.cold_days, storage.expire_days, "cold_class"))
    for storage_class, enters, leaves, key in stays:
        minimum = MINIMUM_DAYS[storage_class]
        if leaves is not None and leaves - enters < minimum:
            yield Problem(
                ("storage", key),
                storage_class,
                f"a stay of {minimum} days while storage.early_fees is refuse",
                f"S3 bills {storage_class} for {minimum} days; this stay is {leaves - enters}",
                "move the days apart, choose another class, or accept early_fees",
            )
