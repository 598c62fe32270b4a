"""Security: keys, the isolated network, who may sign in, secrets, and where records are kept."""

from dataclasses import dataclass

from pulumi import Output

from components.edge import EDGE_REGION
from components.operations.log_archive import LogArchive, LogArchiveArgs
from components.security.account import Account, AccountArgs
from components.security.audit_archive import AuditArchive, AuditArchiveArgs
from components.security.identity import Identity, IdentityArgs
from components.security.key import Key, KeyArgs
from components.security.network import IsolatedNetwork, NetworkArgs
from components.security.roles import Boundary, keep_roles_within
from components.security.secrets import Secrets, SecretsArgs
from components.security.trail_access import trail_arn
from layers.base import Base


@dataclass(frozen=True, kw_only=True)
class Security:
    """``edge_key`` is ``key`` itself where the stack is in CloudFront's own Region."""

    boundary: Boundary | None
    key: Key
    edge_key: Key
    copy_key: Key | None
    network: IsolatedNetwork
    identity: Identity
    secrets: Secrets
    log_archive: LogArchive
    audit_archive: AuditArchive


def declare(base: Base) -> Security:
    """The first layer: its boundary is around the roles of all that follow."""
    config, opts = base.config, base.opts
    boundary = Boundary("boundary", opts) if config.delivery else None
    keep_roles_within(boundary.arn if boundary else None)
    if config.account.owner:
        Account("account", AccountArgs(config=config.account), opts)
    trail = (
        trail_arn(base.identifier, base.account_id, base.region)
        if config.account.has_trail()
        else None
    )
    key = _key(base, trail)
    log_archive = LogArchive(
        "logs",
        LogArchiveArgs(logs=config.logs, protect=base.protect, account_id=base.account_id),
        opts,
    )
    return Security(
        boundary=boundary,
        key=key,
        edge_key=key if base.region == EDGE_REGION else _edge_key(base),
        copy_key=_copy_key(base, config.backup.copy_region) if config.backup.copy_region else None,
        network=_network(base, key),
        identity=Identity(
            "identity",
            IdentityArgs(config=config.identity, protect=base.protect, region=base.region),
            opts,
        ),
        secrets=Secrets(
            "secrets",
            SecretsArgs(
                protect=base.protect,
                key_arn=key.arn,
                account_id=base.account_id,
                region=base.region,
            ),
            opts,
        ),
        log_archive=log_archive,
        audit_archive=_audit_archive(base, key, log_archive, trail),
    )


def _key(base: Base, trail: Output[str] | None) -> Key:
    return Key(
        "key",
        KeyArgs(
            account_id=base.account_id,
            region=base.region,
            protect=base.protect,
            retain=base.config.database.final_snapshot,
            trail_arn=trail,
        ),
        base.opts,
    )


def _edge_key(base: Base) -> Key:
    return Key(
        "key-edge",
        KeyArgs(account_id=base.account_id, region=EDGE_REGION, protect=base.protect),
        base.opts,
    )


def _copy_key(base: Base, region: str) -> Key:
    return Key(
        "key-copies",
        KeyArgs(
            account_id=base.account_id,
            region=region,
            protect=base.protect,
            retain=base.config.database.final_snapshot,
        ),
        base.opts,
    )


def _network(base: Base, key: Key) -> IsolatedNetwork:
    return IsolatedNetwork(
        "network",
        NetworkArgs(
            config=base.config.network,
            logs=base.config.logs,
            key_arn=key.arn,
            account_id=base.account_id,
            region=base.region,
            zones=base.zones,
        ),
        base.opts,
    )


def _audit_archive(
    base: Base, key: Key, log_archive: LogArchive, trail: Output[str] | None
) -> AuditArchive:
    return AuditArchive(
        "audit",
        AuditArchiveArgs(
            config=base.config.audit,
            protect=base.protect,
            key_arn=key.arn,
            logs_bucket=log_archive.bucket,
            account_id=base.account_id,
            region=base.region,
            trail_arn=trail,
        ),
        base.opts,
    )
