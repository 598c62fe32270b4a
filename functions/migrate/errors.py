"""Why a migration fails; Lambda hands the text to whoever deploys."""

import psycopg

from functions.platform_runtime.telemetry.withheld import withheld

LATER = "; nothing of it is lost, deploy again when the database is less busy"


class MigrationError(Exception):
    """The schema is not what the files say; what was recorded before stays."""


class NotAllowedError(MigrationError):
    """The user may not sign in, or not do what the migration does: RDS's master user may."""


def failure(what: str, error: psycopg.Error) -> MigrationError:
    """Postgres's error as one line."""
    said = str(withheld(error)).partition("\n")[0]
    text = f"{what}: {said}"
    match error:
        case psycopg.errors.InsufficientPrivilege():
            return NotAllowedError(text)
        case psycopg.errors.LockNotAvailable() | psycopg.errors.QueryCanceled():
            return MigrationError(text + LATER)
        case _:
            return MigrationError(text)
