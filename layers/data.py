"""Data: objects, tables and Postgres, with their backups and the rotation of their secrets."""

from dataclasses import dataclass

from components.data.backups import Backups, BackupsArgs
from components.data.database import Database, DatabaseArgs
from components.data.proxy import Proxy, ProxyArgs
from components.data.replicas import Replicas, ReplicasArgs
from components.data.storage import Storage, StorageArgs
from components.data.tables import Tables, TablesArgs
from components.security.rotation import Rotation, RotationArgs
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
    config, opts, key_arn = base.config, base.opts, security.key.arn
    storage = Storage(
        "data",
        StorageArgs(
            config=config.storage,
            protect=base.protect,
            key_arn=key_arn,
            region=base.region,
            logs_bucket=security.log_archive.bucket,
        ),
        opts,
    )
    tables = Tables(
        "tables",
        TablesArgs(
            tables=[table for table in TABLES.values() if base.realtime or not table.realtime],
            protect=base.protect,
            key_arn=key_arn,
            region=base.region,
        ),
        opts,
    )
    database = _database(base, security)
    _backups(base, security, database, tables)
    rotation = Rotation(
        "rotation",
        RotationArgs(
            secrets=security.secrets,
            database=database,
            key_arn=key_arn,
            account_id=base.account_id,
            region=base.region,
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
            config=base.config.database,
            logs=base.config.logs,
            identifier=base.identifier,
            protect=base.protect,
            vpc_id=security.network.vpc_id,
            subnet_ids=security.network.subnet_ids,
            key_arn=security.key.arn,
            account_id=base.account_id,
            region=base.region,
        ),
        base.opts,
    )


def _backups(base: Base, security: Security, database: Database, tables: Tables) -> None:
    Backups(
        "backups",
        BackupsArgs(
            config=base.config.backup,
            identifier=base.identifier,
            protect=base.protect,
            contact=base.config.contacts.data_loss,
            database_arn=database.arn,
            pitr_days=base.config.database.backup_days,
            table_arns=[arn for table, arn in tables.arns.items() if TABLES[table].ttl is None],
            subnet_ids=security.network.subnet_ids,
            closed_group_id=security.network.closed_group_id,
            key_arn=security.key.arn,
            copy_key_arn=security.copy_key.arn if security.copy_key else None,
            account_id=base.account_id,
            region=base.region,
        ),
        base.opts,
    )


def _replicas(base: Base, security: Security, primary: Database) -> Replicas:
    return Replicas(
        "replicas",
        ReplicasArgs(
            config=base.config.database,
            logs=base.config.logs,
            identifier=base.identifier,
            primary=primary,
            zones=security.network.zones,
            key_arn=security.key.arn,
        ),
        base.opts,
    )


def _proxy(base: Base, security: Security, database: Database) -> Proxy:
    return Proxy(
        "proxy",
        ProxyArgs(
            logs=base.config.logs,
            proxy_name=base.identifier,
            database=database,
            vpc_id=security.network.vpc_id,
            subnet_ids=security.network.subnet_ids,
            key_arn=security.key.arn,
            account_id=base.account_id,
        ),
        base.opts,
    )
