"""An archive, as what delivers to it is given one."""

from components.security.audit_archive import AuditArchive, AuditArchiveArgs
from config.sections import Audit
from tests.declare import context


def archive(
    *, protect: bool = False, trail_arn: str | None = None, **config: object
) -> AuditArchive:
    """Of a small tier, unless its section says otherwise."""
    return AuditArchive(
        "audit",
        AuditArchiveArgs(
            context=context(protect=protect),
            config=Audit.model_validate({"retention_days": 30} | config),
            logs_bucket="logs",
            trail_arn=trail_arn,
        ),
    )
