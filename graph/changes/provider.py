"""What the AWS provider makes of a changed property, as it said when it was asked.

``data/replacement.json`` has its verdicts property by property, with where each comes from.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from graph.changes.model import ABSENT, Verdict
from graph.model import Data

FILE: Final = Path(__file__).resolve().parents[2] / "data" / "replacement.json"
VERDICTS: Final[tuple[Verdict, ...]] = ("replaces", "updates", "ignored", "unknown")


class Said(NamedTuple):
    """A verdict, and where it comes from where that is no plan of the provider's."""

    verdict: Verdict
    judged: str = ""


@cache
def table() -> Mapping[str, Mapping[str, Any]]:
    """The verdicts by type."""
    found: Mapping[str, Mapping[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["types"]
    return found


def verdict(kind: str, path: str, old: Data, new: Data) -> Said:
    """What becomes of a resource of this type when the property at ``path`` changes so.

    The nearest property that was asked about decides: ``rules`` where ``rules[0].days`` was not.
    """
    rows = table().get(kind)
    if rows is None:
        return Said("replaces" if kind.startswith("random:") else "unknown")
    special = _SPECIAL.get((kind.rpartition(":")[2], path))
    if special is not None:
        return Said(special(old, new))
    judged = rows.get("judged", {})
    for asked in nearest(path):
        for when, absent in (("whenAdded", old), ("whenRemoved", new)):
            if absent is ABSENT and asked == general(path) and asked in rows.get(when, {}):
                said = rows[when][asked]
                return Said(said if said in VERDICTS else "unknown", judged.get(asked, ""))
        for each in VERDICTS:
            if asked in rows.get(each, ()):
                return Said(each, judged.get(asked, ""))
    return Said("unknown")


def general(path: str) -> str:
    """``rules[].days`` for ``rules[0].days``: the table knows no places in lists."""
    return re.sub(r"\[\d+\]", "[]", path)


def nearest(path: str) -> Iterator[str]:
    """The path as the table has it, then those around it."""
    rest = general(path)
    while rest:
        yield rest
        rest = rest[:-2] if rest.endswith("[]") else rest.rpartition(".")[0]


def _between(old: Data, new: Data) -> Verdict:
    """From one to another of the same kind in place; to another kind of thing anew."""
    return "replaces" if ABSENT in (old, new) else "updates"


_SPECIAL: Final = {
    (f"SecurityGroup{way}Rule", path): _between
    for way in ("Ingress", "Egress")
    for path in ("referencedSecurityGroupId", "prefixListId", "cidrIpv4", "cidrIpv6")
}
"""Where the verdict hangs on more than the property, as the table's source says."""
