"""The hours in which RDS and AWS Backup are at the database."""

from collections.abc import Iterator

from config.model import StackConfig
from config.problems import Problem
from config.windows import DAY_MINUTES, Span, daily, overlap, weekly

LEAST_MINUTES = 30
"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"""
BEFORE_MINUTES = 60
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html"""


def windows_are_long_enough(stack: StackConfig) -> Iterator[Problem]:
    """RDS takes no window of less than half an hour."""
    for key, (_, length) in _windows(stack).items():
        if length < LEAST_MINUTES:
            yield Problem(
                ("database", key),
                getattr(stack.database, key),
                f"at least {LEAST_MINUTES} minutes",
                "RDS refuses a shorter window, and one that ends where it begins is none",
                "let it end later",
            )


def windows_are_apart(stack: StackConfig) -> Iterator[Problem]:
    """RDS does not maintain an instance that it backs up."""
    database = stack.database
    if overlap([weekly(database.maintenance_window)], daily(database.backup_window)):
        yield Problem(
            ("database", "maintenance_window"),
            database.maintenance_window,
            f"apart from database.backup_window, {database.backup_window}",
            "RDS refuses a maintenance window that overlaps the daily backup's",
            "move one of them",
        )


def snapshots_keep_clear_of_windows(stack: StackConfig) -> Iterator[Problem]:
    """AWS Backup fails in both windows and in the hour before."""
    hour, database = stack.backup.hour, stack.database
    for key, spans in (
        ("backup_window", daily(database.backup_window)),
        ("maintenance_window", [weekly(database.maintenance_window)]),
    ):
        closed = [(start - BEFORE_MINUTES, length + BEFORE_MINUTES) for start, length in spans]
        if overlap(_snapshots(stack), closed):
            yield Problem(
                ("backup", "hour"),
                hour,
                f"neither in database.{key}, {getattr(database, key)}, nor in the hour before",
                "AWS Backup starts no snapshot of a database then",
                f"choose another hour, or move database.{key}",
            )


def _windows(stack: StackConfig) -> dict[str, Span]:
    return {
        "backup_window": daily(stack.database.backup_window)[0],
        "maintenance_window": weekly(stack.database.maintenance_window),
    }


def _snapshots(stack: StackConfig) -> list[Span]:
    """The minutes at which they are taken; the first of a month is any day of the week."""
    kinds = stack.backup.kept().keys()
    days = range(7) if kinds - {"weekly"} else range(6, 7) if kinds else ()
    return [(day * DAY_MINUTES + stack.backup.hour * 60, 1) for day in days]
