"""Listing releases, going back to one, and deleting old ones."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.tools.release.site.world import NAME, build
from tools import ExpectedError
from tools.release.site import commands, history
from tools.release.site.store import Store

pytestmark = pytest.mark.slow


@pytest.fixture
def released(world, tmp_path, capsys):
    """Three releases after the placeholder, each with an asset of its own; r3 is served."""
    for number in (1, 2, 3):
        own = {f"assets/only-{number}2345678.js": f"{number}", "robots.txt": f"{number}"}
        world.release(build(tmp_path / f"dist{number}", **own), f"r{number}")
        age(f"releases/r{number}/", days=100 - number)
    age("releases/initial/", days=200)
    for prefix in ("assets/", "manifests/"):
        age(prefix, days=100)
    world.writes.clear()
    capsys.readouterr()
    return world


def age(prefix, *, days):
    """moto keeps the moment of writing in its own record of an object."""
    from moto.s3.models import s3_backends

    for backend in s3_backends.values():
        if "site" in backend["aws"].buckets:
            keys = backend["aws"].buckets["site"].keys
            for key in list(keys):
                if key.startswith(prefix):
                    written = datetime.now(UTC) - timedelta(days=days)
                    keys[key].last_modified = written.replace(tzinfo=None)


def listed(world, capsys):
    from config.stack import read

    options = {"root": world.root, "outputs": world.outputs, "as_json": True}
    commands.releases(read("dev", world.root), world.record, **options)
    return json.loads(capsys.readouterr().out)


def test_releases_are_listed_the_newest_first_with_the_active_one_marked(released, capsys):
    found = listed(released, capsys)

    assert [(r["release"], r["active"], r["complete"]) for r in found["releases"]] == [
        ("r3", True, True),
        ("r2", False, True),
        ("r1", False, True),
        ("initial", False, True),
    ]
    assert (found["active"], found["named"]) == ("r3", "r3")


def test_an_interrupted_upload_is_listed_as_not_complete(released, capsys):
    released.s3.put_object(Bucket="site", Key="releases/r4/robots.txt", Body=b"")

    assert listed(released, capsys)["releases"][0] | {"written": ""} == {
        "release": "r4",
        "written": "",
        "files": 1,
        "bytes": 0,
        "complete": False,
        "active": False,
    }


def test_a_rollback_serves_the_release_before_and_writes_no_objects(released):
    released.rollback()

    assert released.writes == ["stack file", "UpdateFunction", "PublishFunction"]
    assert (released.live, released.named) == ("r2", "r2")


def test_a_rollback_serves_the_release_that_is_named(released):
    released.rollback("r1")

    assert (released.live, released.named) == ("r1", "r1")


@pytest.mark.parametrize(
    ("release", "line"),
    [
        ("r9", "no complete release r9: `releases dev` lists them"),
        ("r3", "r3 is served already"),
    ],
)
def test_a_rollback_to_what_cannot_be_served_is_refused(released, release, line):
    with pytest.raises(ExpectedError) as refused:
        released.rollback(release)
    assert (str(refused.value), released.writes) == (line, [])


def test_nobody_is_rolled_back_to_the_placeholder_unasked(world, site):
    world.release(site, "r1")

    with pytest.raises(ExpectedError, match="no release before r1: name the one to serve"):
        world.rollback()
    world.rollback("initial")
    assert world.live == "initial"


def test_old_releases_go_with_their_maps_and_the_assets_no_other_needs(released, capsys):
    released.prune()

    # r3 is active, r2 is the way back.
    assert json.loads(capsys.readouterr().out) == {
        "releases": ["r1", "initial"],
        "unused": ["assets/only-12345678.js", "manifests/r1.json"],
        "source_maps": 1,
        "dry_run": False,
    }
    assert sorted({key.split("/")[1] for key in released.objects() if "releases/" in key}) == [
        "r2",
        "r3",
    ]
    assert [key for key in released.objects() if key.startswith("assets/")] == [
        "assets/app-Bx3k9Q2z.js",
        "assets/only-22345678.js",
        "assets/only-32345678.js",
        "assets/style-9f8e7d6c.css",
    ]
    assert [key.split("/")[1] for key in released.objects("data")] == ["r2", "r3"]


def test_a_dry_run_deletes_nothing(released, capsys):
    before = released.objects()
    released.prune(dry_run=True)

    assert json.loads(capsys.readouterr().out)["releases"] == ["r1", "initial"]
    assert released.objects() == before


@pytest.mark.parametrize(("keep", "days"), [(3, 30), (1, 150)])
def test_the_newest_and_the_young_stay(released, capsys, keep, days):
    released.prune(keep=keep, days=days)

    assert "r1" not in json.loads(capsys.readouterr().out)["releases"]


def test_the_active_release_and_the_one_before_stay_however_old(released, capsys):
    released.rollback("r2")
    capsys.readouterr()
    released.prune()

    assert json.loads(capsys.readouterr().out)["releases"] == ["initial"]


def test_what_an_upload_in_progress_refers_to_stays(released):
    manifest = {"assets": ["assets/only-12345678.js"]}
    body = json.dumps(manifest).encode()
    released.s3.put_object(Bucket="site", Key="manifests/r4.json", Body=body)
    released.prune()

    assert "assets/only-12345678.js" in released.objects()


def test_nothing_is_deleted_while_a_kept_release_does_not_say_what_it_needs(released):
    released.s3.delete_object(Bucket="site", Key="manifests/r2.json")
    before = released.objects()

    with pytest.raises(ExpectedError, match=r"release r2 has no manifests/r2\.json"):
        released.prune()
    assert released.objects() == before


def test_a_bucket_that_is_not_there_is_one_line(world):
    with pytest.raises(ExpectedError, match=r"^listing s3://nowhere/releases/: NoSuchBucket: The"):
        history.releases(Store(world.s3, "nowhere"))


def test_a_function_that_is_not_there_is_one_line(world, site):
    world.functions.name = "another"

    with pytest.raises(
        ExpectedError, match=f"^reading CloudFront Function {NAME}: NoSuchFunctionExists"
    ):
        world.release(site, "r1")
    assert world.writes == []
