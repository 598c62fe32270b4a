"""Where Postgres listens and as whom the platform's functions connect."""

NAME = "platform"
PORT = 5433
"""Not the port every scanner tries first."""
PROXY_PORT = 5432
"""RDS Proxy listens on the engine's default port whatever its target uses."""
MASTER_USER = "platform_admin"
APP_USER = "platform_app"
MIGRATOR_USER = "platform_migrator"
