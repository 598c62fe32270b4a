"""How a widening reads."""

from collections.abc import Iterable, Sequence
from typing import Final

from graph.access.conditions import Condition, lost
from graph.access.model import Access
from graph.access.who import plain

MOST: Final = 6
"""So many actions or resources are named."""
LEADING: Final = {"at", "behind", "by", "call", "for", "in", "of", "reach", "to"}
"""The words after which what it is done on can follow at once."""


def sentence(several: Sequence[Access], nearest: Access | None) -> str:
    """``now also: anyone may s3:GetObject on s3.Bucket data/* through s3.BucketPolicy data``.

    ``nearest`` says the same in the other record, but for conditions.
    """
    first = several[0]
    if first.untold:
        document, _, sources = first.untold.partition(" of ")
        origin = f", from {plain(sources)}" if sources else ""
        return f"could not be told whom it lets do what: its {document} is known later{origin}"
    actions = _listed(each.action for each in several)
    resources = _listed(plain(str(each.resource)) for each in several)
    on = " " if actions.rpartition(" ")[2] in LEADING else " on "
    through = first.through.label
    said = f"now also: {first.who.label} may {actions}{on}{resources}"
    if first.denies:
        return f"{said}{_where(first.conditions)}: no longer kept from it by {through}"
    by = "" if resources == through else f" through {through}"
    return f"{said}{by}{_differently(first, nearest)}"


def _differently(access: Access, nearest: Access | None) -> str:
    """Which conditions are others than before, or all of them."""
    if nearest is None:
        return _where(_unsaid(access.conditions, access))
    gone = lost(nearest.conditions, access.conditions)
    keys = {each.key.lower() for each in gone}
    still = [each for each in access.conditions if each.key.lower() in keys]
    if still:
        return _where(_unsaid(still, access))
    return f", no longer only{_where(gone)}" if gone else ""


def _unsaid(found: Iterable[Condition], access: Access) -> list[Condition]:
    """What does not already say who it is."""
    said = access.who.label.replace("this account", "<account>")
    return [c for c in found if c.lax or any(plain(value) not in said for value in c.values)]


def _where(conditions: Iterable[Condition]) -> str:
    said = " and ".join(plain(str(each)) for each in conditions)
    return f" where {said}" if said else ""


def _listed(found: Iterable[object]) -> str:
    names = list(dict.fromkeys(map(str, found)))
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more
