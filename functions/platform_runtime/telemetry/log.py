"""A function's log: where an error was, and nothing of anybody's data."""

import logging
from types import TracebackType

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from functions.platform_runtime.telemetry.withheld import withheld

ErrorInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class Formatter(LambdaPowertoolsFormatter):
    """Takes rows out of every error that is logged, whichever field of the line it is in."""

    def format(self, record: logging.LogRecord) -> str:
        _withhold(record)
        return super().format(record)

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802
        return super().formatException(_mended(ei)).rstrip()


def logger(function: str) -> Logger:
    """The log of one function; all of them write through this."""
    return Logger(service=function, logger_formatter=Formatter())


def _withhold(record: logging.LogRecord) -> bool:
    for name, value in list(vars(record).items()):
        if isinstance(value, BaseException):
            setattr(record, name, withheld(value))
    if record.exc_info:
        record.exc_info = _mended(record.exc_info)
    if isinstance(record.args, tuple):
        record.args = tuple(
            withheld(arg) if isinstance(arg, BaseException) else arg for arg in record.args
        )
    return True


def _mended(ei: ErrorInfo) -> ErrorInfo:
    if ei[1] is None:
        return ei
    error = withheld(ei[1])
    return type(error), error, ei[2]


# It logs what it ignores, which Lambda's own handler writes.
logging.getLogger("psycopg").addFilter(_withhold)
