"""A connection straight to the instance, as the migrator or as whom the event names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from functions.migrate.errors import MigrationError, NotAllowedError
from functions.platform_runtime import settings as platform
from functions.platform_runtime.database import postgres
from functions.platform_runtime.database.postgres import Connection

KEEPALIVE_SECONDS = 30
"""An index takes minutes to build without a word; the network forgets silent connections."""


@dataclass(frozen=True, kw_only=True)
class Settings(platform.WriterSettings):
    """Its own values of these: the instance's address, for a proxy would pin the session's lock,
    and the migrator as user."""


@dataclass(frozen=True)
class Credentials:
    user: str
    password: str = field(repr=False)


def credentials(event: Mapping[str, Any]) -> Credentials | None:
    """Whom the event names, or nobody. Raises MigrationError, which quotes none of it."""
    if not event:
        return None
    user, password = event.get("user"), event.get("password")
    if event.keys() != {"user", "password"} or not (
        isinstance(user, str) and isinstance(password, str)
    ):
        raise MigrationError("the event is neither empty nor exactly a user and a password")
    return Credentials(user, password)


def connect(settings: Settings, given: Credentials | None) -> Connection:
    """Sign in, by IAM token where no credentials are given. Raises NotAllowedError."""
    host, port, user = settings.db_host, settings.db_port, settings.db_user
    signing = given or Credentials(user, postgres.token(host, port, user))
    address = make_conninfo(
        host=host,
        port=port,
        dbname=settings.db_name,
        user=signing.user,
        password=signing.password,
        connect_timeout=postgres.CONNECT_SECONDS,
        keepalives_idle=KEEPALIVE_SECONDS,
        application_name="migrate",
        gssencmode="disable",
        **postgres.TLS,
    )
    try:
        return psycopg.connect(address, autocommit=True)
    except psycopg.OperationalError as error:
        cause = " ".join(str(error).split())
        raise NotAllowedError(f"{signing.user} could not sign in: {cause}") from error
