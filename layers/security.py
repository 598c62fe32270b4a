"""Security: the isolated network, who may sign in, secrets, and where records are kept."""

from dataclasses import dataclass

from components.operations.failures import Failures, FailuresArgs
from components.operations.log_archive import LogArchive
from components.security.account import Account, AccountArgs
from components.security.audit_archive import AuditArchive, AuditArchiveArgs
from components.security.identity import Identity, IdentityArgs
from components.security.network import IsolatedNetwork, NetworkArgs
from components.security.roles import Boundary, keep_roles_within
from components.security.secrets import Secrets
from config.capacity import declared
from config.model import StackConfig
from contract.incidents import Issue
from layers.base import Base


@dataclass(frozen=True, kw_only=True)
class Security:
    """``boundary`` is there where somebody delivers the stack from outside."""

    boundary: Boundary | None
    network: IsolatedNetwork
    identity: Identity
    secrets: Secrets
    failures: Failures
    log_archive: LogArchive
    audit_archive: AuditArchive


def declare(base: Base) -> Security:
    """The first layer: its boundary is around the roles of all that follow."""
    config, context, opts = base.config, base.context, base.opts
    boundary = Boundary("boundary", opts) if config.delivery else None
    keep_roles_within(boundary.arn if boundary else None)
    if config.account.owner:
        Account("account", AccountArgs(config=config.account), opts)
    log_archive = LogArchive("logs", context, opts)
    return Security(
        boundary=boundary,
        network=IsolatedNetwork(
            "network", NetworkArgs(context=context, config=config.network, zones=base.zones), opts
        ),
        identity=Identity("identity", IdentityArgs(context=context, config=config.identity), opts),
        secrets=Secrets("secrets", context, opts),
        failures=Failures("failures", FailuresArgs(context=context, issues=_issues(config)), opts),
        log_archive=log_archive,
        audit_archive=AuditArchive(
            "audit",
            AuditArchiveArgs(
                context=context,
                config=config.audit,
                logs_bucket=log_archive.bucket,
                trail_arn=base.trail_arn,
            ),
            opts,
        ),
    )


def _issues(config: StackConfig) -> list[Issue]:
    found = dict.fromkeys(spec.unattended for spec in declared(config))
    return [issue for issue in found if issue is not None]
