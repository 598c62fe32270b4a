"""Rotates the platform's secrets, as Secrets Manager asks, and seeds those that are empty.

Secrets are declared without a value, so that none is in the state and no deploy restores an old
one. A deploy invokes this with {"seed": [arn, ...]} before anything reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.platform_runtime import settings as platform
from functions.platform_runtime.telemetry import log
from functions.platform_runtime.telemetry.failures import marked
from functions.rotation import steps
from functions.rotation.api_key import ApiKey
from functions.rotation.encryption_key import EncryptionKey
from functions.rotation.errors import RotationError
from functions.rotation.jwt_secret import JwtSecret
from functions.rotation.kind import Kind
from functions.rotation.master_password import MasterPassword
from functions.rotation.versions import Versions

logger = log.logger("rotation")


@dataclass(frozen=True, kw_only=True)
class Settings(platform.Settings):
    """``master_secret_arn`` is None where RDS keeps the master password, and rotates it."""

    api_key_arn: str
    jwt_secret_arn: str
    encryption_key_arn: str
    master_secret_arn: str | None
    db_instance: str
    migrate_function: str


@cache
def settings() -> Settings:
    return platform.read(Settings)


@marked(logger)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Run one step, or seed. Raises, so that Secrets Manager or the deploy fails."""
    match event:
        case {"seed": [*arns]}:
            known = {arn: kind(arn) for arn in arns}
            return {"seeded": [k.name for arn, k in known.items() if steps.seed(k, versions(arn))]}
        case {"Step": str(step), "SecretId": str(arn), "ClientRequestToken": str(token)}:
            rotate(step, steps.Rotation(kind(arn), versions(arn), token))
            return {}
        case _:
            raise RotationError("neither a step of a rotation nor secrets to seed")


def rotate(step: str, rotation: steps.Rotation) -> None:
    """Run a step, unless all is done. Raises RotationError."""
    if step not in steps.STEPS:
        raise RotationError(f"no step {step!r}")
    said = {"secret": rotation.kind.name, "step": step}
    if not rotation.is_due():
        logger.info("rotated already", extra=said)
        return
    steps.STEPS[step](rotation)
    logger.info("done", extra=said)


def kind(arn: object) -> Kind:
    """How this secret is rotated. Raises RotationError: no other one is touched."""
    found = kinds().get(str(arn))
    if found is None:
        raise RotationError("not one of the platform's secrets")
    return found


@cache
def versions(arn: str) -> Versions:
    return Versions(arn)


@cache
def kinds() -> Mapping[str, Kind]:
    given = settings()
    found: dict[str, Kind] = {
        given.api_key_arn: ApiKey(),
        given.jwt_secret_arn: JwtSecret(),
        given.encryption_key_arn: EncryptionKey(),
    }
    if given.master_secret_arn:
        found[given.master_secret_arn] = MasterPassword(given.db_instance, given.migrate_function)
    return found
