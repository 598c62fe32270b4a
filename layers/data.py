"""Data: objects, tables and Postgres, with their backups and the rotation of their secrets."""

from dataclasses import dataclass

from components.data.backups import Backups, BackupsArgs
from components.data.database import Database, DatabaseArgs
from components.data.proxy import Proxy, ProxyArgs
from components.data.replicas import Replicas, ReplicasArgs
from components.data.storage import Storage, StorageArgs
from components.data.tables import Tables, TablesArgs
from components.security.rotation import Rotation, RotationArgs
from config import recovery
from contract.tables import TABLES
from layers.base import Base
from layers.security import Security


@dataclass(frozen=True, kw_only=True)
class Data:
    """``replicas`` and ``proxy`` are there where the tier or the stack file asks for them."""

    storage: Storage
    tables: Tables
    database: Database
    replicas: Replicas | None
    proxy: Proxy | None
    rotation: Rotation

    @property
    def writer(self) -> Database | Proxy:
        """Where functions connect to write."""
        return self.proxy or self.database


def declare(base: Base, security: Security) -> Data:
    """Encrypted with the stack's key, and reachable from nowhere yet."""
    config, opts = base.config, base.opts
    storage = Storage(
        "data",
        StorageArgs(
            context=base.context,
            config=config.storage,
            noncurrent_days=recovery.noncurrent_days(config),
            logs_bucket=security.log_archive.bucket,
        ),
        opts,
    )
    tables = Tables(
        "tables",
        TablesArgs(
            context=base.context,
            tables=[table for table in TABLES.values() if base.realtime or not table.realtime],
        ),
        opts,
    )
    database = _database(base, security)
    _backups(base, security, database, tables)
    rotation = Rotation(
        "rotation",
        RotationArgs(
            context=base.context,
            secrets=security.secrets,
            database=database,
        ),
        opts,
    )
    return Data(
        storage=storage,
        tables=tables,
        database=database,
        replicas=_replicas(base, security, database) if config.database.replicas else None,
        proxy=_proxy(base, security, database) if config.database.proxy else None,
        rotation=rotation,
    )


def _database(base: Base, security: Security) -> Database:
    return Database(
        "database",
        DatabaseArgs(
            context=base.context,
            config=base.config.database,
            vpc_id=security.network.vpc_id,
            subnet_ids=security.network.subnet_ids,
        ),
        base.opts,
    )


def _backups(base: Base, security: Security, database: Database, tables: Tables) -> None:
    Backups(
        "backups",
        BackupsArgs(
            context=base.context,
            config=base.config.backup,
            contact=base.config.contacts.data_loss,
            database_arn=database.arn,
            pitr_days=base.config.database.backup_days,
            table_arns=[arn for table, arn in tables.arns.items() if TABLES[table].ttl is None],
            subnet_group=database.subnet_group,
            closed_group_id=security.network.closed_group_id,
            copies=base.copies,
        ),
        base.opts,
    )


def _replicas(base: Base, security: Security, primary: Database) -> Replicas:
    return Replicas(
        "replicas",
        ReplicasArgs(
            context=base.context,
            config=base.config.database,
            primary=primary,
            zones=security.network.zones,
        ),
        base.opts,
    )


def _proxy(base: Base, security: Security, database: Database) -> Proxy:
    return Proxy(
        "proxy",
        ProxyArgs(
            context=base.context,
            database=database,
            vpc_id=security.network.vpc_id,
            subnet_ids=security.network.subnet_ids,
            max_connections=base.config.database.max_connections,
            networks=[str(network) for network in base.config.network.zone_networks()],
        ),
        base.opts,
    )
