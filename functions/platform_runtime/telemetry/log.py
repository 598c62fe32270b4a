"""What a function's log says of an error: where it was, and nothing of anybody's data."""

import re
from types import TracebackType
from typing import Final

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

ErrorInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)

_DETAIL: Final = re.compile(
    r"^DETAIL:.*?(?=^(?:HINT|CONTEXT|During handling|The above exception)\b|\Z)", re.M | re.S
)


class Formatter(LambdaPowertoolsFormatter):
    """Leaves Postgres's detail out, which quotes rows: ``Failing row contains (...)``.

    https://www.postgresql.org/docs/current/error-style-guide.html
    """

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802
        return _DETAIL.sub("", super().formatException(ei)).rstrip()
