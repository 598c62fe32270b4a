"""What a built site may hold, and how big it may be."""

import pytest

from contract.site import FILES
from tests.components.edge.test_scripts import asked
from tests.tools.release.site.world import build
from tools import ExpectedError
from tools.release.site import bundle
from tools.release.site.content import TYPES, kind


def test_files_are_told_apart_and_the_index_comes_last(site):
    found = bundle.read(site)

    assert [[file.path for file in part] for part in (found.assets, found.own, found.maps)] == [
        ["assets/app-Bx3k9Q2z.js", "assets/style-9f8e7d6c.css"],
        ["config.json", "robots.txt", "index.html"],
        ["assets/app-Bx3k9Q2z.js.map"],
    ]


@pytest.mark.parametrize(
    ("path", "content", "line"),
    [
        ("index.html", None, "no index.html in it: give the folder that the build wrote"),
        ("assets/app.js", "", "assets/app.js: browsers keep it for a year, so its name must hold"),
        ("assets/logo.svg", "", "assets/logo.svg: browsers keep it for a year"),
        (".env", "KEY=1", ".env: hidden, or a name that addresses cannot hold"),
        ("icons/.DS_Store", "", "icons/.DS_Store: hidden"),
        ("a b.txt", "", "a b.txt: hidden, or a name that addresses cannot hold"),
        ("LICENSE", "", "LICENSE: index.html is answered for it: name its end in contract/site.py"),
        ("a.exe", "", "a.exe: index.html is answered for it"),
        ("js", "", "js: index.html is answered for it"),
        (
            "assets/x-12345678.js",
            "1\n//# sourceMappingURL=data:application/json;base64,e30=",
            "assets/x-12345678.js: it holds its source map",
        ),
    ],
)
def test_what_cannot_be_released_is_one_line(tmp_path, path, content, line):
    with pytest.raises(ExpectedError) as refused:
        bundle.read(build(tmp_path / "dist", **{path: content}))

    assert str(refused.value).startswith(f"{tmp_path / 'dist'}: {line}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "name", ["app-Bx3k9Q2z.js", "app.0123abcd.js", "a-b_c-DeFgHiJk.woff2", "x-12345678.css"]
)
def test_names_that_build_tools_give_hold_a_hash(tmp_path, name):
    assert bundle.read(build(tmp_path / "dist", **{f"assets/{name}": "x"}))


def test_a_file_that_is_well_known_is_released(tmp_path):
    found = bundle.read(build(tmp_path / "dist", **{".well-known/security.txt": "Contact: x"}))

    assert ".well-known/security.txt" in {file.path for file in found.own}


def test_a_link_is_refused(site):
    (site / "copy.txt").symlink_to(site / "robots.txt")

    with pytest.raises(ExpectedError, match=r"copy\.txt: a link: a release holds files only"):
        bundle.read(site)


@pytest.mark.parametrize(
    ("size", "over"),
    [(500_000, []), (500_001, ["big-12345678.js is 500.0 KB: a chunk has at most 500 KB"])],
)
def test_a_chunk_has_at_most_500_kilobytes(tmp_path, size, over):
    found = bundle.read(build(tmp_path / "dist", **{"assets/big-12345678.js": "x" * size}))

    assert [line.removeprefix("assets/").split(",")[0] for line in bundle.too_big(found)] == over


@pytest.mark.parametrize(("spare", "over"), [(0, 0), (-1, 1)])
def test_all_that_is_served_has_at_most_5000_kilobytes_and_bytes_are_counted(tmp_path, spare, over):
    folder = build(tmp_path / "dist", **{"assets/app-Bx3k9Q2z.js.map": "x" * 6_000_000})
    rest = bundle.read(folder).size_bytes
    found = bundle.read(build(folder, **{"photo.jpg": "x" * (5_000_000 - rest - spare)}))

    assert len(bundle.too_big(found)) == over


def test_many_problems_stay_one_line(tmp_path):
    many = {f"assets/{letter}.js": "" for letter in "abcde"}

    with pytest.raises(ExpectedError, match=r"; and 2 more$"):
        bundle.read(build(tmp_path / "dist", **many))


def test_the_digest_is_of_what_is_served(tmp_path, site):
    same = build(tmp_path / "same", **{"assets/app-Bx3k9Q2z.js.map": "{}"})
    other = build(tmp_path / "other", **{"robots.txt": "other"})
    first, second, third = (bundle.read(folder).digest for folder in (site, same, other))

    assert first == second != third


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.WASM", "application/wasm"),
        ("a.svg", "image/svg+xml"),
        ("a.woff2", "font/woff2"),
        ("site.webmanifest", "application/manifest+json"),
        ("a.png", "image/png"),
        ("a.unheard", "application/octet-stream"),
    ],
)
def test_a_type_follows_from_the_name_on_any_machine(path, type_):
    assert kind(path) == type_


def test_every_type_that_is_told_to_browsers_may_be_released():
    assert {suffix.removeprefix(".") for suffix in TYPES} - {*FILES} == {"map"}


@pytest.mark.parametrize("end", FILES)
def test_what_a_release_may_hold_is_what_the_site_answers_with_a_file(tmp_path, end):
    path = f"About.{end.upper()}"

    assert path in {f.path for f in bundle.read(build(tmp_path / "dist", **{path: "x"})).own}
    assert asked(f"/{path}", release="r") == f"/releases/r/{path}"
