"""The Lambda functions: which code each one runs and what it may reach."""

from dataclasses import dataclass

from contract.settings import Setting

COMMON = (Setting.ENVIRONMENT, Setting.LOG_LEVEL, Setting.ORIGIN_DIGESTS)
DATABASE = (
    Setting.DB_HOST,
    Setting.DB_PORT,
    Setting.DB_NAME,
    Setting.DB_USER,
    Setting.DB_READER_HOSTS,
)

POOL_PER_ENVIRONMENT = 1
"""Connections one Lambda environment holds: it serves one request at a time."""


@dataclass(frozen=True, kw_only=True)
class Function:
    """One Lambda function; its code is the folder ``functions/<name>``.

    ``weight`` is its part of the tier's concurrency, ``memory_mb`` None means the tier's.
    A function in the VPC reaches Postgres, S3 and DynamoDB and nothing else.
    """

    name: str
    handler: str
    in_vpc: bool
    timeout_seconds: int
    weight: int
    settings: tuple[Setting, ...]
    connects: bool = False
    memory_mb: int | None = None
    realtime: bool = False


FUNCTIONS = {
    function.name: function
    for function in (
        Function(
            name="health",
            handler="functions.health.app.handler",
            in_vpc=True,
            connects=True,
            timeout_seconds=10,
            weight=2,
            settings=(*COMMON, *DATABASE),
        ),
        Function(
            name="health_auth",
            handler="functions.health_auth.app.handler",
            in_vpc=False,
            timeout_seconds=10,
            weight=1,
            settings=(*COMMON, Setting.JWKS_URL),
        ),
        Function(
            name="realtime",
            handler="functions.realtime.app.handler",
            in_vpc=False,
            timeout_seconds=10,
            weight=2,
            settings=(*COMMON, Setting.ALLOWED_ORIGINS, Setting.CONNECTIONS_TABLE),
            realtime=True,
        ),
    )
}
