"""Where Postgres listens and as whom the platform's functions connect."""

NAME = "platform"
PORT = 5433
"""Not the port every scanner tries first."""
PROXY_PORT = 5432
"""RDS Proxy listens on the engine's default port whatever its target uses."""
MASTER_USER = "platform_admin"
APP_USER = "platform_app"
MIGRATOR_USER = "platform_migrator"
STATEMENT_SECONDS = 30
"""How long a statement runs whose session says nothing else: as long as API Gateway waits for an
answer. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""
LOCK_SECONDS = 7
"""How long it waits for another's lock: less than the functions wait for a change, so that it is
Postgres that gives up, and the connection stays."""
