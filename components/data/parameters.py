"""Postgres parameters of the platform's instances."""

from pulumi_aws.rds import ParameterGroupParameterArgsDict as Parameter

from contract import database as contract

SLOW_QUERY_MS = 500
IDLE_SESSION_MS = 60_000
IDLE_TRANSACTION_MS = 60_000


def parameters(max_connections: int, *, behind_proxy: bool) -> list[Parameter]:
    """Static ones wait for a restart, so they are right from the first start on.

    Raising max_connections with replicas: restart the replicas first, for a replica below its
    primary stops: https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-ADMIN
    """
    static: dict[str, str | int] = {
        "max_connections": max_connections,
        "shared_preload_libraries": "pg_stat_statements",
        # The default already, with this method; with another every preview would differ.
        "rds.force_ssl": 1,
    }
    dynamic: dict[str, str | int] = {
        "pg_stat_statements.track": "all",
        "log_min_duration_statement": SLOW_QUERY_MS,
        "log_statement": "ddl",
        # Frozen Lambda environments cannot close what they hold. A pooler's own connections
        # must not be cut: https://www.postgresql.org/docs/current/runtime-config-client.html
        "idle_session_timeout": 0 if behind_proxy else IDLE_SESSION_MS,
        "idle_in_transaction_session_timeout": IDLE_TRANSACTION_MS,
        # Whoever needs more says so in the session; to do that behind the proxy would pin it.
        "statement_timeout": contract.STATEMENT_SECONDS * 1000,
        "lock_timeout": contract.LOCK_SECONDS * 1000,
        # Long reads on a replica would else be cancelled by clean-up on the primary.
        "hot_standby_feedback": 1,
    }
    return [
        *(_parameter(key, value, "pending-reboot") for key, value in static.items()),
        *(_parameter(key, value, "immediate") for key, value in dynamic.items()),
    ]


def _parameter(name: str, value: str | int, apply_method: str) -> Parameter:
    return {"name": name, "value": str(value), "apply_method": apply_method}
