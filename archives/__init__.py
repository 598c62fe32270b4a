"""What names a function's archive: its sources, the contract, its locked dependencies."""


class ArchiveError(Exception):
    """An archive cannot be named; the text is the whole answer, a traceback would add nothing."""
