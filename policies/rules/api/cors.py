"""Rules for what pages of other origins may call."""

import re
from typing import Final

from graph.model import Resource
from policies.paths import MISSING
from policies.predicates import Must, between, excludes
from policies.rule import Property, Rule

API: Final = "aws:apigatewayv2/api:Api"
BUCKET_CORS: Final = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"

DAY_SECONDS: Final = 24 * 3600
"""The longest API Gateway takes; browsers keep an answer for less."""

_ORIGIN: Final = re.compile(r"https://[^*/]+|http://localhost(:\d+)?")
ORIGIN: Final = Must(
    "is an https origin without a wildcard, or a page of the developer's own machine",
    # No page of another origin may call where none is named.
    lambda origin: origin is MISSING or bool(_ORIGIN.fullmatch(str(origin))),
)

ALLOWED: Final[dict[str, tuple[Must, str]]] = {
    "origins": (ORIGIN, "name the origins whose pages call: with * any page may"),
    "methods": (excludes("*"), "name the methods pages call"),
    "headers": (excludes("*"), "name the headers pages send"),
}
"""What is said of each list, whichever service keeps it."""


def _answers_pages(api: Resource) -> bool:
    return bool(api.inputs.get("corsConfiguration"))


ROWS: Final[tuple[Rule, ...]] = (
    *(
        Property(
            name=f"api-cors-{what}-named",
            type=API,
            path=f"corsConfiguration.allow{what.title()}{'[*]' if what == 'origins' else ''}",
            must=must,
            controls=["3.9"],
            fix=fix,
            only=_answers_pages,
        )
        for what, (must, fix) in ALLOWED.items()
    ),
    *(
        Property(
            name=f"bucket-cors-{what}-named",
            type=BUCKET_CORS,
            path=f"corsRules[*].allowed{what.title()}{'[*]' if what == 'origins' else ''}",
            must=must,
            controls=["3.9"],
            fix=fix,
        )
        for what, (must, fix) in ALLOWED.items()
    ),
    *(
        Property(
            name=name,
            type=kind,
            path=path,
            must=between(1, DAY_SECONDS),
            controls=["3.9"],
            fix=f"set {path} to a day at most: browsers go by an answer that long after a change",
            only=only,
        )
        for name, kind, path, only in (
            ("api-cors-answers-expire", API, "corsConfiguration.maxAge", _answers_pages),
            ("bucket-cors-answers-expire", BUCKET_CORS, "corsRules[*].maxAgeSeconds", None),
        )
    ),
)

RULES: Final[tuple[Rule, ...]] = ROWS
