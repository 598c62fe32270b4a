"""Brings a bundle into the buckets: checked as a whole, then written so that it is served last."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from tools import ExpectedError
from tools.release.site.bundle import Bundle, File
from tools.release.site.history import RELEASES, index_key, manifest_key
from tools.release.site.store import Store, other_bytes, same

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Upload:
    """What will be written: ``assets`` are those that are not there yet. ``done`` is an upload
    that came to its end before, and was not activated."""

    release: str
    bundle: Bundle
    assets: tuple[File, ...]
    store: Store
    maps: Store
    maps_prefix: str
    done: bool = False

    def run(self, say: Say) -> None:
        """In this order: what nobody is sent to, and ``index.html`` last, which makes it whole.

        Viewers meet the release before through all of it. Who is interrupted runs it again.
        """
        if self.done:
            say(f"{RELEASES}{self.release}/ is there already, with these files")
            return
        self.store.put_private(manifest_key(self.release), self._manifest())
        for file in self.assets:
            self.store.put_asset(file)
        say(
            f"{len(self.assets)} of {len(self.bundle.assets)} assets uploaded, the others are there"
        )
        for file in self.bundle.maps:
            self.maps.put(f"{self.maps_prefix}{self.release}/{file.path}", file.body)
        if self.bundle.maps:
            say(f"{len(self.bundle.maps)} source maps put aside in s3://{self.maps.bucket}")
        for file in self.bundle.own:
            self.store.put(f"{RELEASES}{self.release}/{file.path}", file.body)
        say(f"{len(self.bundle.own)} files uploaded to {RELEASES}{self.release}/")

    def _manifest(self) -> dict[str, object]:
        return {
            "release": self.release,
            "digest": self.bundle.digest,
            "files": [file.path for file in self.bundle.own],
            "assets": [file.path for file in self.bundle.assets],
        }


def plan(release: str, bundle: Bundle, store: Store, maps: Store, maps_prefix: str) -> Upload:
    """Look into both buckets. Raises ExpectedError for what must not be overwritten."""
    there = store.list(f"{RELEASES}{release}/")
    if done := index_key(release) in there:
        _refuse_others(release, bundle, store)
    own = {f"{RELEASES}{release}/{file.path}" for file in bundle.own}
    for key in sorted(there.keys() - own):
        raise ExpectedError(f"{key} is of another upload with this id: choose another --id")
    if bundle.maps:
        maps.list(f"{maps_prefix}{release}/")
    stored = store.list("assets/")
    for file in bundle.assets:
        if file.path in stored and not same(file, stored[file.path]):
            raise ExpectedError(other_bytes(file))
    return Upload(
        release=release,
        bundle=bundle,
        assets=tuple(file for file in bundle.assets if file.path not in stored),
        store=store,
        maps=maps,
        maps_prefix=maps_prefix,
        done=done,
    )


def _refuse_others(release: str, bundle: Bundle, store: Store) -> None:
    """A complete release is never changed."""
    key = manifest_key(release)
    said = json.loads(store.get(key)) if key in store.list(key) else {}
    if said.get("digest") != bundle.digest:
        raise ExpectedError(f"release {release} is there, with other files: choose another --id")
