"""Migrates the schema, inside the VPC. The event names the user to be, or nobody.

With {"job": "sign_in"} beside a user and a password it only tries them: what rotates the password
is outside the VPC and cannot reach Postgres.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from psycopg.errors import Diagnostic

from functions.migrate import files, runner
from functions.migrate.connect import Settings, connect, credentials
from functions.migrate.deadline import Deadline
from functions.migrate.errors import NotAllowedError
from functions.platform_runtime import settings as platform
from functions.platform_runtime.telemetry import log
from functions.platform_runtime.telemetry.failures import marked

FOLDER = Path(__file__).parents[2] / "migrations"
"""At the same place in the archive as in the repository."""

SIGN_IN = "sign_in"

logger = log.logger("migrate")


@cache
def settings() -> Settings:
    return platform.read(Settings)


@marked(logger)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Run the migrations; an error is Lambda's error, and so fails the deploy.

    Where the platform's own user is not enough the answer is ``refused``, and why: on an empty
    database it does not exist yet.
    """
    if event.get("job") == SIGN_IN:
        return sign_in({key: value for key, value in event.items() if key != "job"})
    deadline = Deadline.within(context.get_remaining_time_in_millis() / 1000)
    migrations = files.load(FOLDER)
    given = credentials(event)
    try:
        with closing(connect(settings(), given)) as connection:
            connection.add_notice_handler(_notice)
            report = runner.run(connection, migrations, deadline)
            answer = {"user": connection.info.user, "migrations": len(migrations), **asdict(report)}
    except NotAllowedError as error:
        if given:
            raise
        logger.info("refused", extra={"cause": str(error)})
        return {"refused": str(error)}
    logger.info("migrated", extra=answer)
    return answer


def sign_in(event: Mapping[str, Any]) -> dict[str, Any]:
    """Answer whom Postgres takes the credentials for, or that they are ``refused``, and why."""
    try:
        with closing(connect(settings(), credentials(event))) as connection:
            return {"user": connection.info.user}
    except NotAllowedError as error:
        return {"refused": str(error)}


def _notice(notice: Diagnostic) -> None:
    logger.info("notice", extra={"notice": notice.message_primary})
