"""The program looked at from outside: run, reviewed and released by ``python -m tools``."""


class ExpectedError(Exception):
    """An expected failure: its text is the whole answer, a traceback would add nothing."""
