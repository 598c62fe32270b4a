"""An archive, as what delivers to it is given one."""

from components.security.audit_archive import AuditArchive, AuditArchiveArgs
from config.sections import Audit
from tests.declare import ACCOUNT, KEY, REGION


def archive(
    *, protect: bool = False, trail_arn: str | None = None, **config: object
) -> AuditArchive:
    """Of a small tier, unless its section says otherwise."""
    return AuditArchive(
        "audit",
        AuditArchiveArgs(
            config=Audit.model_validate({"retention_days": 30} | config),
            protect=protect,
            key_arn=KEY,
            logs_bucket="logs",
            account_id=ACCOUNT,
            region=REGION,
            trail_arn=trail_arn,
        ),
    )
