"""The releases in a bucket: which there are, which is served, which may go."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tools import ExpectedError
from tools.release.site.bundle import ASSETS, INDEX
from tools.release.site.store import Store, Stored

INITIAL = "initial"
"""The page a new stack answers with. Its id is nobody else's."""
RELEASES = "releases/"
MANIFESTS = "manifests/"
"""What a release is made of. Beside ``releases/``: every path of the site leads below that or to
``assets/``, so no address leads here."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """``written`` is when its upload ended, or, if it is not complete, got to."""

    id: str
    written: datetime
    files: tuple[str, ...]
    size_bytes: int
    complete: bool


def releases(store: Store) -> list[Release]:
    """All of them, the newest first."""
    by_id: dict[str, list[Stored]] = {}
    for key, stored in store.list(RELEASES).items():
        by_id.setdefault(key.split("/")[1], []).append(stored)
    found = [_release(name, stored) for name, stored in by_id.items()]
    return sorted(found, key=lambda release: (release.written, release.id), reverse=True)


def _release(name: str, stored: Sequence[Stored]) -> Release:
    index = next((each for each in stored if each.key == index_key(name)), None)
    return Release(
        id=name,
        written=index.written if index else max(each.written for each in stored),
        files=tuple(each.key for each in stored),
        size_bytes=sum(each.size for each in stored),
        complete=index is not None,
    )


def index_key(release: str) -> str:
    return f"{RELEASES}{release}/{INDEX}"


def manifest_key(release: str) -> str:
    return f"{MANIFESTS}{release}.json"


def before(found: Sequence[Release], active: str) -> Release | None:
    """The newest complete release that is older than the active one; never the placeholder."""
    ids = [release.id for release in found]
    older = found[ids.index(active) + 1 :] if active in ids else found
    return next((each for each in older if each.complete and each.id != INITIAL), None)


def outdated(
    found: Sequence[Release], active: Collection[str], *, keep: int, days: int, today: datetime
) -> list[Release]:
    """Older than so many days and not among the newest ``keep``; never an active one, nor the one
    to roll back to."""
    kept = set(active) | {each.id for each in [r for r in found if r.complete][:keep]}
    for release in active:
        previous = before(found, release)
        kept |= {previous.id} if previous else set()
    oldest = today - timedelta(days=days)
    return [each for each in found if each.id not in kept and each.written < oldest]


def unused(store: Store, kept: Sequence[Release], *, days: int, today: datetime) -> list[str]:
    """Old assets that no release refers to, and old manifests of releases that are not kept.

    Manifests are written before assets, so assets are listed first: an upload that runs meanwhile
    has said what it needs. Raises ExpectedError if a kept release has not.
    """
    oldest = today - timedelta(days=days)
    assets = [key for key, stored in store.list(ASSETS).items() if stored.written < oldest]
    manifests = store.list(MANIFESTS)
    silent = [r.id for r in kept if r.id != INITIAL and manifest_key(r.id) not in manifests]
    if silent:
        raise ExpectedError(
            f"release {silent[0]} has no {manifest_key(silent[0])}, so nobody can tell which "
            "assets it needs: delete that release, or release it again"
        )
    own = {manifest_key(release.id) for release in kept}
    gone = {key for key, each in manifests.items() if key not in own and each.written < oldest}
    used: set[str] = set()
    for key in manifests.keys() - gone:
        used |= set(json.loads(store.get(key))["assets"])
    return sorted((set(assets) - used) | gone)
