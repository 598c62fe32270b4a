"""Rules for what pages of other origins may call."""

import re
from functools import partial
from typing import Final

from graph.model import Resource
from policies.paths import MISSING
from policies.predicates import Must, between, excludes
from policies.rule import Only, Property, Rule

API: Final = "aws:apigatewayv2/api:Api"

Rules = tuple[Rule, ...]

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


def named(service: str, kind: str, lists: str, age: str, only: Only | None = None) -> Rules:
    """The rows on a service that answers pages, by where it keeps its lists and their age."""
    common = partial(Property, type=kind, controls=["3.9"], only=only)
    return (
        *(
            common(
                name=f"{service}-cors-{what}-named",
                path=f"{lists}{what.title()}{'[*]' if what == 'origins' else ''}",
                must=must,
                fix=fix,
            )
            for what, (must, fix) in ALLOWED.items()
        ),
        common(
            name=f"{service}-cors-answers-expire",
            path=age,
            must=between(1, DAY_SECONDS),
            fix=f"set {age} to a day at most: browsers go by an answer that long after a change",
        ),
    )


RULES: Final = named(
    "api", API, "corsConfiguration.allow", "corsConfiguration.maxAge", _answers_pages
)
