"""The record of a stack: what it is, the engine and the readers that fill it."""


class GraphError(Exception):
    """A record cannot be had; the text is the whole answer, a traceback would add nothing."""
