"""The vault and what is put into it."""

from collections.abc import Iterator

from config.model import StackConfig
from config.problems import Problem
from contract.regions import WITH_DATABASE_ROOTS


def copies_go_elsewhere(stack: StackConfig) -> Iterator[Problem]:
    """A copy beside the original is lost with it, and one nobody could use is none."""
    region = stack.backup.copy_region
    if region == stack.region:
        yield Problem(
            ("backup", "copy_region"),
            region,
            "another Region than aws:region",
            "copies are for the day on which this Region is not there",
            "choose another Region, or remove backup.copy_region",
        )
    elif region is not None and region not in WITH_DATABASE_ROOTS:
        yield Problem(
            ("backup", "copy_region"),
            region,
            f"one of {', '.join(sorted(WITH_DATABASE_ROOTS))}",
            "functions verify a database that is restored there by its Region's authority, and "
            "carry these",
            "use one of these, or add the Region's authority as roots.pem says",
        )


def replication_needs_backups(stack: StackConfig) -> Iterator[Problem]:
    """RDS replicates the backups it makes."""
    if stack.backup.copy_region and not stack.database.backup_days:
        yield Problem(
            ("backup", "copy_region"),
            stack.backup.copy_region,
            "null while database.backup_days is 0",
            "RDS replicates a database's own backups, and this one has none",
            "set database.backup_days to 1 or more, or remove backup.copy_region",
        )


def what_needs_snapshots_has_some(stack: StackConfig) -> Iterator[Problem]:
    """A lock, a copy and a test are of snapshots."""
    if stack.backup.kept():
        return
    for key, off in (("lock", False), ("restore_tests", None), ("copy_region", None)):
        value = getattr(stack.backup, key)
        if value != off:
            yield Problem(
                ("backup", key),
                value,
                f"{'null' if off is None else 'false'} while no snapshot is taken",
                "backup.daily_days, weekly_days and monthly_days are all null",
                f"set one of them, or leave {key} out",
            )
