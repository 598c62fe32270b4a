"""The Lambda functions: which code each one runs and what it may reach."""

from contract.function import Function
from contract.settings import Setting

COMMON = (Setting.LOG_LEVEL,)
MEASURED = (*COMMON, Setting.ENVIRONMENT)
REALTIME = (*COMMON, Setting.STACK)
ORIGIN = (*COMMON, Setting.ORIGIN_DIGESTS)
API = (*MEASURED, Setting.ORIGIN_DIGESTS, Setting.LIMITS_TABLE, Setting.LIMITS_ON_FAILURE)
WRITER = (Setting.DB_HOST, Setting.DB_PORT, Setting.DB_NAME, Setting.DB_USER)
DATABASE = (*WRITER, Setting.DB_READER_HOSTS)
MODULE = (
    *API,
    *DATABASE,
    Setting.EVENTS_TABLE,
    Setting.MAX_SIMULATIONS,
    Setting.MAX_STORAGE_GB,
    Setting.MAX_USERS_PER_WORKSPACE,
)
MODULES = ("functions/modules",)

COLD_SECONDS = 1.0
"""To start an environment and answer: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"""
WARM_SECONDS = 0.1

POOL_PER_ENVIRONMENT = 1
"""Connections one Lambda environment holds: it serves one request at a time."""


def _module(name: str, weight: int) -> Function:
    return Function(
        name=name,
        in_vpc=True,
        connects=True,
        timeout_seconds=15,
        weight=weight,
        settings=(*MODULE, Setting.DATA_BUCKET),
        audits=True,
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
            name="rotation",
            in_vpc=False,
            timeout_seconds=600,
            # One for each secret: those of the same day may be due in the same hour.
            fixed=4,
            settings=(
                *COMMON,
                Setting.API_KEY_ARN,
                Setting.JWT_SECRET_ARN,
                Setting.ENCRYPTION_KEY_ARN,
                Setting.MASTER_SECRET_ARN,
                Setting.DB_INSTANCE,
                Setting.MIGRATE_FUNCTION,
            ),
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
            # One each for health, the database's, and unknown paths: where the database is away,
            # who asks for it waits, and the others must not.
            least=3,
            settings=(*API, *DATABASE),
        ),
        Function(
            name="health_auth",
            in_vpc=False,
            timeout_seconds=10,
            weight=1,
            settings=(*API, Setting.JWKS_URL),
        ),
        Function(
            name="authorizer",
            in_vpc=False,
            timeout_seconds=10,
            weight=4,
            settings=(
                *ORIGIN,
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
            settings=(*API, Setting.API_KEY_ARN, Setting.JWT_SECRET_ARN),
        ),
        Function(
            name="workspaces",
            in_vpc=True,
            connects=True,
            timeout_seconds=15,
            weight=3,
            settings=(*MODULE, Setting.API_KEYS_TABLE, Setting.TICKETS_TABLE),
            audits=True,
            shares=MODULES,
        ),
        _module("simcore", 4),
        _module("qmlab", 2),
        _module("optilibria", 2),
        Function(
            name="connect_authorizer",
            in_vpc=False,
            timeout_seconds=10,
            reconnect_seconds=COLD_SECONDS,
            settings=(*ORIGIN, Setting.ALLOWED_ORIGINS, Setting.TICKETS_TABLE),
            realtime=True,
        ),
        Function(
            name="realtime",
            in_vpc=False,
            timeout_seconds=10,
            # To connect, and to subscribe.
            reconnect_seconds=COLD_SECONDS + WARM_SECONDS,
            settings=(*ORIGIN, Setting.CONNECTIONS_TABLE),
            realtime=True,
        ),
        Function(
            name="fanout",
            in_vpc=False,
            timeout_seconds=60,
            weight=2,
            settings=(*REALTIME, Setting.CONNECTIONS_TABLE, Setting.CONNECTIONS_URL),
            realtime=True,
            unattended="outage",
        ),
        Function(
            name="relay",
            in_vpc=True,
            connects=True,
            timeout_seconds=60,
            fixed=1,
            settings=(*REALTIME, *DATABASE, Setting.EVENTS_TABLE),
            realtime=True,
            unattended="outage",
        ),
        Function(
            name="restored",
            in_vpc=True,
            connects=True,
            timeout_seconds=15,
            fixed=1,
            settings=(*COMMON, *DATABASE),
            realtime=True,
            unattended="outage",
        ),
        Function(
            name="maintenance",
            in_vpc=True,
            connects=True,
            timeout_seconds=900,
            fixed=2,
            settings=(*MEASURED, *WRITER, Setting.DATA_BUCKET, Setting.AUDIT_BUCKET),
            unattended="data_loss",
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
