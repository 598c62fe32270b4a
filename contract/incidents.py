"""Classes of incident, whose contacts the stack file names, and how code tells of one."""

from typing import Literal

Issue = Literal["outage", "security", "data_loss"]

FAILED = "[FAILED]"
"""The message of a line of a function's log that tells of a failure nobody foresaw."""
