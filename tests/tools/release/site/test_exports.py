"""Where the site is, from the Pulumi CLI or a file; and the proof through the public address."""

import hashlib
import json
import urllib.error

import pytest

from tests.tools.release.site.world import NAME
from tools import ExpectedError
from tools.release.site import exports, verify

EXPORTS = {
    "url": "https://site.example.com",
    "site_bucket": "site",
    "site_function": NAME,
    "source_maps": "s3://data/source-maps/",
    "site_config": '{"a": 1}',
}


def cli(folder, monkeypatch, script):
    """A ``pulumi`` on PATH that is this shell script."""
    folder.mkdir()
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_the_cli_is_asked_where_no_file_is_named(tmp_path, monkeypatch):
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps(EXPORTS | {"site_config": {"a": 1}, "more": None}))
    cli(tmp_path / "bin", monkeypatch, f'echo "$@" > {tmp_path}/asked; cat {answer}')

    assert exports.read("dev", tmp_path, None) == exports.Exports(**EXPORTS)
    assert (tmp_path / "asked").read_text() == "stack output --json --stack dev\n"


def test_what_the_cli_says_last_is_the_reason(tmp_path, monkeypatch):
    cli(tmp_path / "bin", monkeypatch, 'echo; echo "error: no stack named dev" >&2; exit 255')

    with pytest.raises(ExpectedError) as refused:
        exports.read("dev", tmp_path, None)
    assert str(refused.value) == "pulumi stack output --stack dev: error: no stack named dev"


def test_without_a_cli_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ExpectedError, match="no Pulumi CLI on PATH: install it, or say --outputs"):
        exports.read("dev", tmp_path, None)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "o.json: not JSON: "),
        ("[]", "o.json: no url, site_bucket, site_function, source_maps, site_config: deploy the"),
        (json.dumps(EXPORTS | {"site_function": None}), "o.json: no site_function: deploy the"),
        (json.dumps(EXPORTS | {"url": "http://x"}), "o.json: url begins with https://"),
    ],
)
def test_exports_that_are_none_are_one_line(text, line):
    with pytest.raises(ExpectedError) as refused:
        exports.parse(text, "o.json")
    assert str(refused.value).startswith(line)


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(ExpectedError, match="No such file or directory"):
        exports.read("dev", tmp_path, tmp_path / "nothing.json")


def test_pulumi_learns_of_one_resource_alone(tmp_path, monkeypatch):
    cli(tmp_path / "bin", monkeypatch, f'echo "$@" > {tmp_path}/asked')

    assert exports.refresh("dev", "urn:x", tmp_path)
    assert (tmp_path / "asked").read_text() == (
        "refresh --stack dev --target urn:x --yes --skip-preview --non-interactive\n"
    )


def test_a_refresh_that_fails_or_cannot_be_is_said(tmp_path, monkeypatch):
    cli(tmp_path / "bin", monkeypatch, "exit 1")
    failed = exports.refresh("dev", "urn:x", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert (failed, exports.refresh("dev", "urn:x", tmp_path)) == (False, False)


def refused(url):
    raise urllib.error.HTTPError(url, 403, "Forbidden", {}, None)


def unreachable(_url):
    raise urllib.error.URLError("no such host")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda _: b"old", "it answers with another page"),
        (refused, "it answers 403"),
        (unreachable, "<urlopen error no such host>"),
    ],
)
def test_an_address_is_asked_again_until_it_serves_or_patience_ends(answer, said):
    clock, waited = iter(range(0, 1000, 100)), []
    with pytest.raises(ExpectedError) as late:
        verify.wait(
            "https://x", "digest", fetch=answer, sleep=waited.append, now=lambda: next(clock)
        )

    assert str(late.value) == (
        f"published, but https://x does not serve it after 300 seconds: {said}"
    )
    assert waited == [5, 5]


def test_it_is_served_once_the_page_is_the_releases():
    answers, asked = [b"old", b"new"], []

    def fetch(url):
        asked.append(url)
        return answers[len(asked) - 1]

    verify.wait("https://x", hashlib.sha256(b"new").hexdigest(), fetch=fetch, sleep=lambda _: None)
    assert asked == ["https://x/", "https://x/"]
