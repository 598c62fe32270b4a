"""One Lambda function."""

from dataclasses import dataclass

from contract.incidents import Issue
from contract.settings import Setting


@dataclass(frozen=True, kw_only=True)
class Function:
    """One Lambda function; its code is ``functions/<name>`` and the folders of ``shares``.

    ``weight`` is its part of the tier's concurrency, of which it has ``least`` in any tier; a job
    has ``fixed`` executions instead. What connections come back through has as many as that takes:
    ``reconnect_seconds`` is what one of them needs of it, in a new environment.
    ``memory_mb`` None means the tier's. A function in the VPC reaches Postgres, S3 and DynamoDB
    and nothing else. What ``audits`` writes audit lines, which are archived from its log. Where
    nobody waits for an answer, ``unattended`` says whose incident a call is that is given up.
    """

    name: str
    in_vpc: bool
    timeout_seconds: int
    settings: tuple[Setting, ...]
    weight: int = 0
    least: int = 1
    fixed: int | None = None
    reconnect_seconds: float | None = None
    connects: bool = False
    memory_mb: int | None = None
    realtime: bool = False
    audits: bool = False
    unattended: Issue | None = None
    shares: tuple[str, ...] = ()

    @property
    def handler(self) -> str:
        """Its import path, in the archive as in the repository."""
        return f"functions.{self.name}.app.handler"
