"""The Lambda functions: which code each one runs and what it may reach."""

from dataclasses import dataclass

from contract.settings import Setting

COMMON = (Setting.ENVIRONMENT, Setting.LOG_LEVEL, Setting.ORIGIN_DIGESTS)
WRITER = (Setting.DB_HOST, Setting.DB_PORT, Setting.DB_NAME, Setting.DB_USER)
DATABASE = (*WRITER, Setting.DB_READER_HOSTS)
MODULE = (
    *COMMON,
    *DATABASE,
    Setting.LIMITS_TABLE,
    Setting.LIMITS_ON_FAILURE,
    Setting.MAX_SIMULATIONS,
    Setting.MAX_STORAGE_GB,
    Setting.MAX_USERS_PER_WORKSPACE,
)
MODULES = ("functions/modules",)

POOL_PER_ENVIRONMENT = 1
"""Connections one Lambda environment holds: it serves one request at a time."""


@dataclass(frozen=True, kw_only=True)
class Function:
    """One Lambda function; its code is ``functions/<name>`` and the folders of ``shares``.

    ``weight`` is its part of the tier's concurrency; a job has ``fixed`` executions instead.
    ``memory_mb`` None means the tier's. A function in the VPC reaches Postgres, S3 and DynamoDB
    and nothing else.
    """

    name: str
    in_vpc: bool
    timeout_seconds: int
    settings: tuple[Setting, ...]
    weight: int = 0
    fixed: int | None = None
    connects: bool = False
    memory_mb: int | None = None
    realtime: bool = False
    shares: tuple[str, ...] = ()

    @property
    def handler(self) -> str:
        """Its import path, in the archive as in the repository."""
        return f"functions.{self.name}.app.handler"


def _module(name: str, weight: int) -> Function:
    return Function(
        name=name,
        in_vpc=True,
        connects=True,
        timeout_seconds=15,
        weight=weight,
        settings=(*MODULE, Setting.DATA_BUCKET),
        shares=MODULES,
    )


# In this order they are made: a function after those it calls, and the migrations first.
FUNCTIONS = {
    function.name: function
    for function in (
        Function(
            name="migrate",
            in_vpc=True,
            connects=True,
            timeout_seconds=840,
            fixed=1,
            settings=(*COMMON, *WRITER),
            shares=("migrations",),
        ),
        Function(
            name="bootstrap",
            in_vpc=False,
            timeout_seconds=900,
            fixed=1,
            settings=(*COMMON, Setting.MASTER_SECRET_ARN, Setting.MIGRATE_FUNCTION),
        ),
        Function(
            name="health",
            in_vpc=True,
            connects=True,
            timeout_seconds=10,
            weight=1,
            settings=(*COMMON, *DATABASE),
        ),
        Function(
            name="health_auth",
            in_vpc=False,
            timeout_seconds=10,
            weight=1,
            settings=(*COMMON, Setting.JWKS_URL),
        ),
        Function(
            name="authorizer",
            in_vpc=False,
            timeout_seconds=10,
            weight=4,
            settings=(
                *COMMON,
                Setting.JWKS_URL,
                Setting.TOKEN_ISSUER,
                Setting.TOKEN_CLIENT_IDS,
                Setting.JWT_SECRET_ARN,
                Setting.API_KEYS_TABLE,
            ),
        ),
        Function(
            name="worker",
            in_vpc=False,
            timeout_seconds=10,
            weight=1,
            settings=(*COMMON, Setting.API_KEY_ARN, Setting.JWT_SECRET_ARN),
        ),
        Function(
            name="workspaces",
            in_vpc=True,
            connects=True,
            timeout_seconds=15,
            weight=3,
            settings=(*MODULE, Setting.API_KEYS_TABLE, Setting.TICKETS_TABLE),
            shares=MODULES,
        ),
        _module("simcore", 4),
        _module("qmlab", 2),
        _module("optilibria", 2),
        Function(
            name="connect_authorizer",
            in_vpc=False,
            timeout_seconds=10,
            weight=1,
            settings=(*COMMON, Setting.ALLOWED_ORIGINS, Setting.TICKETS_TABLE),
            realtime=True,
        ),
        Function(
            name="realtime",
            in_vpc=False,
            timeout_seconds=10,
            weight=2,
            settings=(*COMMON, Setting.CONNECTIONS_TABLE),
            realtime=True,
        ),
        Function(
            name="fanout",
            in_vpc=False,
            timeout_seconds=60,
            weight=2,
            settings=(*COMMON, Setting.CONNECTIONS_TABLE, Setting.CONNECTIONS_URL),
            realtime=True,
        ),
        Function(
            name="relay",
            in_vpc=True,
            connects=True,
            timeout_seconds=60,
            fixed=1,
            settings=(*COMMON, *DATABASE, Setting.EVENTS_TABLE),
            realtime=True,
        ),
        Function(
            name="maintenance",
            in_vpc=True,
            connects=True,
            timeout_seconds=900,
            fixed=2,
            settings=(*COMMON, *DATABASE, Setting.DATA_BUCKET),
        ),
        Function(
            name="backup_key",
            in_vpc=False,
            timeout_seconds=900,
            fixed=1,
            settings=(
                *COMMON,
                Setting.DATA_BUCKET,
                Setting.ENCRYPTION_KEY_ARN,
                Setting.MAINTENANCE_FUNCTION,
            ),
        ),
    )
}
