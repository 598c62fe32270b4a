"""How far back a stack goes, so that what is kept in one store is kept in all."""

from config.model import StackConfig

LEAST_DAYS = 30
"""A mistake with an object is found within a month, however short the database's backups are."""


def longest_restore(stack: StackConfig) -> int:
    """From how many days ago the database comes back: to the minute or as a snapshot."""
    return max([stack.database.backup_days, *stack.backup.kept().values()])


def noncurrent_days(stack: StackConfig) -> int:
    """For how many days an object's former versions are kept."""
    own = stack.storage.noncurrent_days
    return max(LEAST_DAYS, longest_restore(stack)) if own is None else own
