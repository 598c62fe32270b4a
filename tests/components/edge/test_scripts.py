"""The CloudFront Functions, run in a JavaScript engine."""

import re
from typing import Any

import pytest
from py_mini_racer import MiniRacer

from components.edge.scripts import FOLDER, code

QUOTA_BYTES = 10 * 1024
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"""

UNSUPPORTED = r"\?\.|\?\?|\.\.\.|\bclass\b|\bimport\b|\brequire\b|\bof\b|\b(const|let) [\[{]"
"""What this engine takes and CloudFront's does not: it is ES 5.1 and some of the later.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html"""

HSTS = "max-age=31536000; includeSubDomains"
NAMES = {
    "domain": "app.example.com",
    "aliases": ["www.example.com", "example.com"],
    "hsts": HSTS,
}
LITERALS = {
    "rewrite": {"release": "2026-11-22.1", **NAMES},
    "viewer_ip": {"header": "x-viewer-ip"},
    "csp": {
        "header": "content-security-policy",
        "policy": "connect-src 'self' wss://{host}",
        "hsts": HSTS,
    },
    "hsts": {"hsts": HSTS},
}
QUERY = "event.request.rawQueryString = function () { return event.query; };"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/general-helper-methods.html#raw-query-string-method"""


def handle(script: str, event: dict[str, Any], **literals: Any) -> dict[str, Any]:
    engine = MiniRacer()
    engine.eval(code(script, **literals))
    engine.eval(f"function handled(event) {{ {QUERY} return handler(event); }}")
    return engine.call("handled", {"request": {}, **event})


def request(path: str, host: str) -> dict[str, Any]:
    return {"method": "GET", "uri": path, "headers": {"host": {"value": host}}}


def asked(path: str, release: str = "2026-11-22.1", host: str = "app.example.com") -> str:
    event = {"request": request(path, host)}
    return handle("rewrite", event, release=release, **NAMES)["uri"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/simulations",
        "/simulations/",
        "/simulations/42/results",
        "/v1.2/simulations",
        "/users/jane.doe",
        "/users/jane@example.com",
        "/versions/1.2",
        "/versions/v1.2.3",
        "/files/app.",
        "/js",
        "/json",
        "/a.js/",
        "/a.json.bak",
    ],
)
def test_a_page_of_the_app_is_answered_with_the_active_releases_index(path):
    assert asked(path) == "/releases/2026-11-22.1/index.html"


@pytest.mark.parametrize(
    "path",
    [
        "/config.json",
        "/favicon.ico",
        "/robots.txt",
        "/icons/app.svg",
        "/.well-known/a.txt",
        "/A.PDF",
    ],
)
def test_a_file_is_the_active_releases_own(path):
    assert asked(path) == f"/releases/2026-11-22.1{path}"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/releases/old/config.json", "/releases/new/releases/old/config.json"),
        ("/releases/old/index.html", "/releases/new/releases/old/index.html"),
        ("/releases/old/", "/releases/new/index.html"),
        ("/releases/old", "/releases/new/index.html"),
        ("//releases/old/config.json", "/releases/new//releases/old/config.json"),
        ("/../old/config.json", "/releases/new/index.html"),
        ("/a/../../old/config.json", "/releases/new/index.html"),
        ("/%2e%2e/old/config.json", "/releases/new/index.html"),
        ("/.%2E/old/config.json", "/releases/new/index.html"),
        ("/./config.json", "/releases/new/index.html"),
        ("/assets/..", "/releases/new/index.html"),
    ],
)
def test_no_path_leads_to_another_release(path, key):
    assert asked(path, release="new") == key


def test_the_release_is_the_one_filled_in():
    assert [asked("/", release=release) for release in ("r1", "r2")] == [
        "/releases/r1/index.html",
        "/releases/r2/index.html",
    ]


@pytest.mark.parametrize("host", ["app.example.com", "d111111abcdef8.cloudfront.net"])
def test_a_page_is_answered_under_the_domain_and_cloudfronts_own_name(host):
    assert asked("/", release="r1", host=host) == "/releases/r1/index.html"


@pytest.mark.parametrize("host", ["www.example.com", "example.com", "WWW.Example.com"])
@pytest.mark.parametrize(
    ("path", "query", "location"),
    [
        ("/", None, "/"),
        ("/", "", "/"),
        ("/simulations/42", "a=1&a=2&b=%20", "/simulations/42?a=1&a=2&b=%20"),
        ("//evil.example/", None, "//evil.example/"),
    ],
)
def test_another_name_leads_to_the_same_path_under_the_domain(host, path, query, location):
    event = {"request": request(path, host), "query": query}
    if query is None:
        event.pop("query")

    assert handle("rewrite", event, release="r1", **NAMES) == {
        "statusCode": 301,
        "statusDescription": "Moved Permanently",
        "headers": {
            "location": {"value": f"https://app.example.com{location}"},
            "cache-control": {"value": "no-cache"},
            "strict-transport-security": {"value": HSTS},
        },
    }


def test_an_api_says_what_the_pages_say():
    event = {"response": {"statusCode": 200, "headers": {"etag": {"value": "1"}}}}

    assert handle("hsts", event, hsts=HSTS) == {
        "statusCode": 200,
        "headers": {"etag": {"value": "1"}, "strict-transport-security": {"value": HSTS}},
    }


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"x-viewer-ip": {"value": "10.0.0.1"}},
        {
            "x-viewer-ip": {
                "value": "10.0.0.1",
                "multiValue": [{"value": "10.0.0.1"}, {"value": "10.0.0.2"}],
            }
        },
    ],
    ids=["nothing", "one", "several"],
)
def test_the_viewers_address_replaces_whatever_was_sent_for_it(sent):
    event = {
        "viewer": {"ip": "203.0.113.7"},
        "request": {"uri": "/api/health", "headers": {"accept": {"value": "*/*"}, **sent}},
    }

    assert handle("viewer_ip", event, header="x-viewer-ip")["headers"] == {
        "accept": {"value": "*/*"},
        "x-viewer-ip": {"value": "203.0.113.7"},
    }


def answered(
    stored: str | None, *, status: int = 200, header: str = "the-header"
) -> dict[str, Any]:
    headers = {"cache-control": {"value": stored}} if stored else {}
    event = {
        "request": {"uri": "/", "headers": {"host": {"value": "app.example.com"}}},
        "response": {"statusCode": status, "headers": headers},
    }
    policy = "connect-src 'self' wss://{host}; default-src 'none'"
    return handle("csp", event, header=header, policy=policy, hsts=HSTS)["headers"]


@pytest.mark.parametrize(
    "header", ["content-security-policy", "content-security-policy-report-only"]
)
def test_the_policy_comes_under_the_modes_header_and_names_the_host_asked_for(header):
    assert answered("no-store", header=header) == {
        "cache-control": {"value": "no-store"},
        "strict-transport-security": {"value": HSTS},
        header: {"value": "connect-src 'self' wss://app.example.com; default-src 'none'"},
    }


@pytest.mark.parametrize(
    ("status", "stored", "sent"),
    [
        (200, None, {"value": "no-cache"}),
        (200, "public,max-age=31536000,immutable", {"value": "public,max-age=31536000,immutable"}),
        (304, None, None),
        (304, "no-cache", {"value": "no-cache"}),
    ],
)
def test_a_whole_answer_that_does_not_say_how_long_it_keeps_is_not_kept(status, stored, sent):
    assert answered(stored, status=status).get("cache-control") == sent


@pytest.mark.parametrize("script", LITERALS)
def test_a_script_fits_cloudfronts_quota_with_room_for_its_literals(script):
    assert len(code(script, **LITERALS[script]).encode()) < QUOTA_BYTES / 2


@pytest.mark.parametrize("script", LITERALS)
def test_a_script_keeps_to_the_language_cloudfront_has(script):
    lines = code(script, **LITERALS[script]).splitlines()
    statements = [line for line in lines if not line.lstrip().startswith("//")]

    assert [line for line in statements if re.search(UNSUPPORTED, line)] == []


def test_every_script_is_tested():
    assert {path.stem for path in FOLDER.glob("*.js")} == set(LITERALS)


def test_a_literal_is_quoted_so_that_it_stays_one():
    assert 'const RELEASE = "a\'\\"b";' in code("rewrite", release="a'\"b", **NAMES)


def test_a_literal_left_out_is_refused():
    with pytest.raises(KeyError, match="release"):
        code("rewrite")
