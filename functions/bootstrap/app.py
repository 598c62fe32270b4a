"""Has the migrations run: a deploy calls it before new code takes traffic.

The function that migrates is in the VPC and cannot read the master user's secret; this one is
outside and cannot reach Postgres. The secret is read only if the platform's own user, who signs in
with IAM, is not enough: on an empty database, and for what only the master may do.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.platform_runtime import clients
from functions.platform_runtime import settings as platform
from functions.platform_runtime.secrets.store import secret
from functions.platform_runtime.telemetry import log
from functions.platform_runtime.telemetry.failures import marked

SECRET = "POSTGRES_MASTER"  # noqa: S105
LONGEST_SECONDS = 900
"""Lambda's own limit."""
BUSY_SECONDS = (1, 2, 4, 8, 15)
"""The migration function runs once at a time, and a rotation signs in by it for a moment."""

logger = log.logger("bootstrap")


@dataclass(frozen=True, kw_only=True)
class Settings(platform.Settings):
    """What this function is given besides."""

    master_secret_arn: str
    migrate_function: str


class MigrationFailedError(Exception):
    """What the migration function failed with; it fails the deploy."""


@cache
def settings() -> Settings:
    return platform.read(Settings)


@marked(logger)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Migrate, and answer what the migration function answers."""
    answer = migrate({})
    if "refused" in answer:
        logger.info("relaying the master user", extra={"cause": answer["refused"]})
        answer = migrate(master())
    logger.info("migrated", extra=answer)
    return answer


def migrate(event: Mapping[str, str]) -> dict[str, Any]:
    """Invoke the migration function and wait for it. Raises MigrationFailedError."""
    response = _invoke(json.dumps(event))
    answer: dict[str, Any] = json.loads(response["Payload"].read())
    if "FunctionError" in response:
        raise MigrationFailedError(answer.get("errorMessage", "it ended without a word"))
    return answer


def _invoke(payload: str) -> Mapping[str, Any]:
    # Once: a second invocation because the first one is slow would only wait for it.
    client = clients.client("lambda", seconds=LONGEST_SECONDS, attempts=1)
    waits = iter(BUSY_SECONDS)
    while True:
        try:
            response: Mapping[str, Any] = client.invoke(
                FunctionName=settings().migrate_function, Payload=payload
            )
            return response
        except client.exceptions.TooManyRequestsException:
            seconds = next(waits, None)
            if seconds is None:
                raise
            time.sleep(seconds)


def master() -> dict[str, str]:
    """The master user as the migration function wants it. Raises MissingSecretError."""
    login = secret(SECRET, settings().master_secret_arn).login()
    return {"user": login.user, "password": login.password}
