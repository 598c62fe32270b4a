"""A release from end to end: what is written, in which order, and what an interruption leaves."""

import json

import pytest

from tests.tools.release.site.world import ORDER, build, code
from tools import ExpectedError


def headers(world, key, bucket="site"):
    found = world.s3.head_object(Bucket=bucket, Key=key)
    names = ("ContentType", "CacheControl", "ContentEncoding", "Expires")
    return {name: found[name] for name in names if name in found}


def test_what_nobody_is_sent_to_is_written_first_and_the_function_published_last(world, site):
    world.release(site, "r1")

    assert world.writes == ORDER
    assert (world.live, world.named) == ("r1", "r1")


def test_each_object_says_its_type_and_how_long_it_keeps(world, site):
    world.release(site, "r1")
    found = {key: headers(world, key) for key in world.objects() if "initial" not in key}

    year, asked = "public,max-age=31536000,immutable", "no-cache"
    assert found == {
        "assets/app-Bx3k9Q2z.js": {
            "ContentType": "text/javascript; charset=utf-8",
            "CacheControl": year,
        },
        "assets/style-9f8e7d6c.css": {
            "ContentType": "text/css; charset=utf-8",
            "CacheControl": year,
        },
        "releases/r1/index.html": {
            "ContentType": "text/html; charset=utf-8",
            "CacheControl": asked,
        },
        "releases/r1/config.json": {"ContentType": "application/json", "CacheControl": asked},
        "releases/r1/robots.txt": {
            "ContentType": "text/plain; charset=utf-8",
            "CacheControl": asked,
        },
        "manifests/r1.json": {"ContentType": "application/json", "CacheControl": asked},
    }


def test_source_maps_are_put_aside_and_never_into_the_sites_bucket(world, site):
    world.release(site, "r1")

    assert world.objects("data") == ["source-maps/r1/assets/app-Bx3k9Q2z.js.map"]
    assert [key for key in world.objects() if ".map" in key] == []


def test_the_stacks_configuration_replaces_the_builds_own(world, site):
    world.release(site, "r1")
    body = world.s3.get_object(Bucket="site", Key="releases/r1/config.json")["Body"].read()

    assert json.loads(body) == {"apiUrl": "https://site.example.com/api"}


def test_the_function_gets_the_code_that_the_program_declares_and_keeps_its_settings(world, site):
    world.release(site, "r1")

    assert world.functions.code == {"DEVELOPMENT": code("r1"), "LIVE": code("r1")}
    assert world.functions.config == ("<Comment>kept</Comment><Runtime>cloudfront-js-2.0</Runtime>")


def test_an_id_is_made_of_the_moment_and_the_files(world, site, capsys):
    world.release(site)

    assert json.loads(capsys.readouterr().out)["release"] == world.live
    assert [len(part) for part in world.live.split("-")] == [8, 6, 8]


def test_what_the_next_release_shares_is_not_uploaded_again(world, site, tmp_path):
    world.release(site, "r1")
    world.writes.clear()
    world.release(build(tmp_path / "next", **{"assets/new-12345678.js": "2"}), "r2")

    assert [key for key in world.writes if key.startswith("assets/")] == ["assets/new-12345678.js"]


def test_a_dry_run_checks_and_writes_nothing(world, site, capsys):
    world.release(site, "r1", dry_run=True)

    assert world.writes == []
    assert json.loads(capsys.readouterr().out) == {
        "release": "r1",
        "before": "initial",
        "url": "https://site.example.com",
        "assets": 2,
        "files": 3,
        "source_maps": 1,
        "dry_run": True,
    }


def test_a_release_is_never_changed(world, site, tmp_path):
    world.release(site, "r1")
    world.writes.clear()
    other = build(tmp_path / "other", **{"robots.txt": "another"})

    with pytest.raises(ExpectedError, match="release r1 is there, with other files"):
        world.release(other, "r1")
    assert world.writes == []


def test_a_hashed_name_with_other_bytes_is_refused_before_anything_is_written(
    world, site, tmp_path
):
    world.release(site, "r1")
    world.writes.clear()
    other = build(tmp_path / "other", **{"assets/style-9f8e7d6c.css": "body { margin: 0 }"})

    with pytest.raises(ExpectedError, match=r"assets/style-9f8e7d6c\.css: a release before has"):
        world.release(other, "r2")
    assert (world.writes, world.live) == ([], "r1")


@pytest.mark.parametrize(
    ("release_id", "line"),
    [
        ("Upper", "'Upper' is no release's id: of the form 2026-11-22.1"),
        ("a/b", "'a/b' is no release's id: of the form 2026-11-22.1"),
        ("initial", "initial is the page that stands in for the first release"),
    ],
)
def test_an_id_that_cannot_be_one_is_refused(world, site, release_id, line):
    with pytest.raises(ExpectedError) as refused:
        world.release(site, release_id)
    assert (str(refused.value), world.writes) == (line, [])
