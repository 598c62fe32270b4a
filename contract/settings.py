"""The environment variables a function may be given: the only names either side may use."""

from enum import StrEnum


class Setting(StrEnum):
    """A function's environment holds exactly the keys its entry in FUNCTIONS names."""

    ENVIRONMENT = "ENVIRONMENT"
    LOG_LEVEL = "POWERTOOLS_LOG_LEVEL"
    ORIGIN_DIGESTS = "ORIGIN_DIGESTS"
    ALLOWED_ORIGINS = "ALLOWED_ORIGINS"
    DB_HOST = "DB_HOST"
    DB_PORT = "DB_PORT"
    DB_NAME = "DB_NAME"
    DB_USER = "DB_USER"
    DB_READER_HOSTS = "DB_READER_HOSTS"
    JWKS_URL = "JWKS_URL"
    CONNECTIONS_TABLE = "CONNECTIONS_TABLE"
