"""What was done, and for how long it is kept."""

from collections.abc import Iterator

from config.model import StackConfig
from config.problems import Problem


def compliance_is_protected(stack: StackConfig) -> Iterator[Problem]:
    """A bucket nobody can empty cannot be destroyed, so the stack had better not try."""
    if stack.audit.mode == "compliance" and not stack.protect:
        yield Problem(
            ("audit", "mode"),
            "compliance",
            "governance while protect is false",
            "protect: false says that the stack may be destroyed, which it never could be before "
            f"the last line's {stack.audit.retention_days} days are over",
            "set protect to true, or audit.mode to governance",
        )


def insights_need_a_trail(stack: StackConfig) -> Iterator[Problem]:
    """Insights are CloudTrail's."""
    if stack.audit.insights and not stack.account.has_trail():
        yield Problem(
            ("audit", "insights"),
            True,
            "false while this stack has no CloudTrail",
            "insights are of the calls CloudTrail records",
            "set account.trail to true, or insights to false",
        )
