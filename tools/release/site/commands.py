"""What the commands do, and what they say: steps on stderr, the answer on stdout."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.stack import StackFile
from tools import ExpectedError
from tools.release.site import bundle as bundles
from tools.release.site import history, upload
from tools.release.site.bundle import Bundle
from tools.release.site.history import INITIAL
from tools.release.site.target import Record, Site, checked, site


def bundle(folder: Path, *, as_json: bool) -> bool:
    """Say how big a built site is; whether it is within the limits."""
    found = bundles.read(folder)
    over = bundles.too_big(found)
    values = {"bytes": found.size_bytes, "digest": found.digest, "over": over} | _counts(found)
    lines = [
        *over,
        f"{found.size_bytes / bundles.KB:.1f} KB in {len(found.assets)} assets and "
        f"{len(found.own)} files, beside {len(found.maps)} source maps",
    ]
    _answer(values, lines, as_json=as_json)
    return not over


def release(
    file: StackFile,
    folder: Path,
    record: Record,
    *,
    root: Path,
    release_id: str | None,
    outputs: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Upload a built site and have it served."""
    built = bundles.read(folder)
    bundles.refuse(folder, bundles.too_big(built))
    name = release_id or _id(built)
    checked(file, name)
    if name == INITIAL:
        raise ExpectedError(f"{INITIAL} is the page that stands in for the first release")
    target = site(file, root, record, outputs)
    whole = built.with_config(target.exports.site_config)
    planned = upload.plan(name, whole, target.store, target.maps, target.maps_prefix)
    before, activation = target.function.live(), target.activation(name)
    values = {"release": name, "before": before, "url": target.exports.url} | _counts(whole)
    if dry_run:
        plan = [
            f"would upload {len(planned.assets)} assets of {len(whole.assets)}, then "
            f"{len(whole.own)} files to releases/{name}/",
            f"would write site.release: {name} into {file.source}, instead of {target.named}",
            f"would publish {target.function.name}, which serves {before}",
        ]
        _answer(values | {"dry_run": True}, plan, as_json=as_json)
        return
    planned.run(_say)
    refreshed = activation.run(_say)
    _answer(values | {"state_refreshed": refreshed}, _done(target, name, before), as_json=as_json)


def releases(
    file: StackFile, record: Record, *, root: Path, outputs: Path | None, as_json: bool
) -> None:
    """List what can be served."""
    target = site(file, root, record, outputs)
    found, live, named = history.releases(target.store), target.function.live(), target.named
    rows = [
        {
            "release": each.id,
            "written": each.written.isoformat(timespec="seconds"),
            "files": len(each.files),
            "bytes": each.size_bytes,
            "complete": each.complete,
            "active": each.id == live,
        }
        for each in found
    ]
    lines = [
        f"{'*' if each.id == live else ' '} {each.id}  {each.written:%Y-%m-%d %H:%M}Z"
        f"{'' if each.complete else '  not complete'}"
        for each in found
    ]
    if named != live:
        lines.append(f"{file.source} names {named}, and {live} is served")
    _answer({"active": live, "named": named, "releases": rows}, lines, as_json=as_json)


def rollback(
    file: StackFile,
    record: Record,
    *,
    root: Path,
    release_id: str | None,
    outputs: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Serve an earlier release: the one named, or the one before."""
    target = site(file, root, record, outputs)
    found, live = history.releases(target.store), target.function.live()
    previous = history.before(found, live)
    name = release_id or (previous.id if previous else None)
    if name is None:
        raise ExpectedError(f"no release before {live}: name the one to serve")
    if name not in {each.id for each in found if each.complete}:
        raise ExpectedError(f"no complete release {name}: `releases {file.stack}` lists them")
    if name == live == target.named:
        raise ExpectedError(f"{name} is served already")
    activation = target.activation(name)
    values: dict[str, Any] = {"release": name, "before": live, "url": target.exports.url}
    if dry_run:
        plan = f"would serve {name} instead of {live}"
        _answer(values | {"dry_run": True}, [plan], as_json=as_json)
        return
    refreshed = activation.run(_say)
    _answer(values | {"state_refreshed": refreshed}, _done(target, name, live), as_json=as_json)


def prune(
    file: StackFile,
    record: Record,
    *,
    root: Path,
    keep: int,
    days: int,
    outputs: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Delete old releases, and assets that no other needs."""
    target, today = site(file, root, record, outputs), datetime.now(UTC)
    found, active = history.releases(target.store), {target.function.live(), target.named}
    old = history.outdated(found, active, keep=keep, days=days, today=today)
    kept = [each for each in found if each not in old]
    unused = history.unused(target.store, kept, days=days, today=today)
    names, files = [each.id for each in old], [key for each in old for key in each.files]
    maps = [key for name in names for key in target.maps.list(f"{target.maps_prefix}{name}/")]
    if not dry_run:
        # What makes a release one goes first: half deleted, it is not offered any more.
        target.store.delete(sorted(files, key=lambda key: not key.endswith(bundles.INDEX)))
        target.store.delete(unused)
        target.maps.delete(maps)
    values = {"releases": names, "unused": unused, "source_maps": len(maps), "dry_run": dry_run}
    would = "would delete" if dry_run else "deleted"
    counts = f"{len(names)} releases, {len(unused)} unused assets, {len(maps)} source maps"
    _answer(values, [*(f"  {name}" for name in names), f"{would} {counts}"], as_json=as_json)


def _id(built: Bundle) -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{built.digest[:8]}"


def _counts(built: Bundle) -> dict[str, int]:
    return {"assets": len(built.assets), "files": len(built.own), "source_maps": len(built.maps)}


def _done(target: Site, name: str, before: str) -> list[str]:
    return [
        f"{name} is served at {target.exports.url}, {before} was",
        f"commit {target.file.source}: a deployment without that change takes it back",
    ]


def _answer(values: Mapping[str, Any], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(values, indent=2))
        return
    for line in lines:
        print(line)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
