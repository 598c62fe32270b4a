"""Why a rotation fails; no message quotes a value."""


class RotationError(Exception):
    """What is current stays current, and Secrets Manager tries again."""
