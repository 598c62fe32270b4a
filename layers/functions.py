"""The functions: what each is told and given, and the calls that reach them."""

import os
from dataclasses import dataclass

import pulumi
from pulumi import Input, Output

from archives import ArchiveError, archive
from components.alarm import Alarm
from components.api.fleet import FleetArgs, fleet
from components.api.function import Function, Placement
from components.api.function_alarms import function_alarms
from components.api.grants import Surroundings
from components.names import function_of, named
from config.capacity import declared
from config.model import StackConfig
from config.stack import ROOT
from contract.database import APP_USER, MIGRATOR_USER, NAME, PORT, PROXY_PORT
from contract.settings import Setting
from layers.api import Api
from layers.base import Base
from layers.data import Data
from layers.edge import Edge
from layers.security import Security

HERE = "layers/functions.py"
ENGINE = "PULUMI_CONFIG"
"""Set by the CLI's language host: an archive is read by a real engine, never offline."""


@dataclass(frozen=True, kw_only=True)
class Functions:
    """``by_name`` has the contract's names."""

    by_name: dict[str, Function]
    alarms: list[Alarm]


def declare(base: Base, security: Security, data: Data, api: Api, edge: Edge) -> Functions:
    """Code that connects waits for the migrations, and the APIs open with it behind them."""
    network = security.network
    data.database.allow_from("functions", network.functions_security_group_id)
    if data.proxy:
        data.proxy.allow_from("functions", network.functions_security_group_id)
    functions = fleet(
        FleetArgs(
            context=base.context,
            config=base.config,
            archives=_archives(base.config),
            sql_digest=archive.sql_digest(ROOT),
            failures=security.failures.arns,
            settings=_settings(base, security, data, api, edge),
            own_settings=_own_settings(data),
            surroundings=_surroundings(security, data, api),
            placement=Placement(
                subnet_ids=network.subnet_ids,
                security_group_ids=[network.functions_security_group_id],
                closed_group_id=network.closed_group_id,
            ),
        ),
        base.opts,
    )
    api.http.serve(functions, function_of(functions, "authorizer", HERE))
    if api.websocket:
        api.websocket.serve(functions, function_of(functions, "connect_authorizer", HERE))
        data.tables.feed("events", function_of(functions, "fanout", HERE))
    data.storage.notify(functions.get("restored"))
    alarms = function_alarms(
        base.context.identifier, alone=base.config.account.alone, realtime=base.realtime
    )
    return Functions(by_name=functions, alarms=list(alarms))


def _archives(config: StackConfig) -> dict[str, str]:
    try:
        paths = {spec.name: archive.path(spec, ROOT) for spec in declared(config)}
    except ArchiveError as error:
        raise pulumi.RunError(str(error)) from error
    missing = [path.name for path in paths.values() if not path.exists()]
    if missing and ENGINE in os.environ:
        raise pulumi.RunError(f"not in build/: {', '.join(missing)}; run `make package` first")
    return {name: str(path.relative_to(ROOT)) for name, path in paths.items()}


def _settings(
    base: Base, security: Security, data: Data, api: Api, edge: Edge
) -> dict[Setting, Input[str]]:
    config, identity, secrets = base.config, security.identity, security.secrets
    readers = data.replicas.endpoints if data.replicas else []
    settings: dict[Setting, Input[str]] = {
        Setting.STACK: base.context.identifier,
        Setting.ENVIRONMENT: config.environment,
        Setting.LOG_LEVEL: config.functions.log_level,
        Setting.ORIGIN_DIGESTS: edge.lock.origin_digests,
        Setting.ALLOWED_ORIGINS: Output.all(*edge.own_origins).apply(",".join),
        Setting.DB_HOST: data.writer.address,
        Setting.DB_PORT: str(PROXY_PORT if data.proxy else PORT),
        Setting.DB_NAME: NAME,
        Setting.DB_USER: APP_USER,
        Setting.DB_READER_HOSTS: Output.all(*readers).apply(",".join),
        Setting.DB_INSTANCE: data.database.identifier,
        Setting.MASTER_SECRET_ARN: data.database.master_secret_arn,
        Setting.JWKS_URL: identity.jwks_url,
        Setting.TOKEN_ISSUER: identity.issuer,
        Setting.TOKEN_CLIENT_IDS: edge.client.id,
        Setting.API_KEY_ARN: secrets.arns["api-key"],
        Setting.JWT_SECRET_ARN: secrets.arns["jwt-secret"],
        Setting.ENCRYPTION_KEY_ARN: secrets.arns["encryption-key"],
        Setting.DATA_BUCKET: data.storage.bucket,
        Setting.AUDIT_BUCKET: security.audit_archive.bucket,
        Setting.LIMITS_ON_FAILURE: config.api.limits_on_failure,
        Setting.MAX_SIMULATIONS: str(config.limits.simulations),
        Setting.MAX_STORAGE_GB: str(config.limits.storage_gb),
        Setting.MAX_USERS_PER_WORKSPACE: str(config.limits.users),
        # Empty where nobody can listen: then there is no such table.
        Setting.EVENTS_TABLE: "",
        **{_of_table(name): table for name, table in data.tables.names.items()},
    }
    if api.websocket:
        settings[Setting.CONNECTIONS_URL] = api.websocket.management_url
    return settings


def _of_table(table: str) -> Setting:
    """The setting that tells a table's name. Raises UnknownNameError."""
    name = f"{table}_table".upper()
    return named(
        Setting.__members__,
        name,
        by=f"table {table} of contract/tables.py",
        what=f"setting {name}",
        add="Setting in contract/settings.py",
    )


def _own_settings(data: Data) -> dict[str, dict[Setting, Input[str]]]:
    # What migrates holds a session's locks, jobs a cursor and their own limits: each would pin.
    past_the_proxy: dict[Setting, Input[str]] = {
        Setting.DB_HOST: data.database.address,
        Setting.DB_PORT: str(PORT),
    }
    return {
        # As another user, for it makes roles.
        "migrate": {**past_the_proxy, Setting.DB_USER: MIGRATOR_USER},
        "maintenance": past_the_proxy,
        # The one that RDS keeps, RDS rotates.
        "rotation": {Setting.MASTER_SECRET_ARN: data.database.own_secret_arn or ""},
    }


def _surroundings(security: Security, data: Data, api: Api) -> Surroundings:
    return Surroundings(
        database=data.database,
        writer=data.writer,
        replicas=data.replicas,
        tables=data.tables,
        storage=data.storage,
        audit_archive=security.audit_archive,
        secrets=security.secrets,
        rotation=data.rotation,
        websocket_api=api.websocket,
        functions={},
    )
