"""The audit trail outside the database: the mark of its lines, and where the archive keeps what."""

MARK = "[AUDIT]"
"""The message of a line of the log that tells of an action."""

LINES = "lines/"
"""Those lines, a folder a day."""
FAILED = "failed/"
"""What could not be made lines of, as it came."""
ANCHORS = "anchors/"
"""Rows of the trail as the last check found them."""
TRAIL = "trail/"
"""CloudTrail's own, in the one stack of an account that has it."""
