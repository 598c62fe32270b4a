"""The origin lock while it is rotated: what CloudFront sends against what each function accepts,
both as the program declares them, through the functions' own handlers."""

import json
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from moto import mock_aws

from functions.platform_runtime.identity.tickets import Claims, Tickets
from tests.config.strategies import CONTACTS
from tests.functions.authorizer import signing
from tests.functions.conftest import Context, forget
from tests.functions.realtime import tables
from tests.functions.realtime.facts import ADA
from tests.stacks import declared

HERE = Path(__file__).parent
HTTP = ("health", "health_auth", "worker", "simcore", "qmlab", "optilibria", "workspaces")
BEHIND_CLOUDFRONT = {*HTTP, "authorizer", "connect_authorizer", "realtime"}

EDGE_FIRST = [(1, 1), (2, 1), (2, 2), (3, 2), (3, 3)]
FUNCTIONS_FIRST = [(1, 1), (1, 2), (2, 2), (2, 3), (3, 3)]
"""The generation CloudFront sends, and the one functions are of. Backwards, a walk is the other
one's way back."""


@dataclass(frozen=True)
class Deployed:
    """What a stack of one generation sends, and the digests its functions are given."""

    header: str
    digests: dict[str, str]


def deployed(generation):
    graph = declared(
        {
            "tier": "starter",
            "contacts": CONTACTS,
            "edge": {"origin_secret_generation": generation},
        }
    )
    [distribution] = graph.by_type("aws:cloudfront/distribution:Distribution")
    [header] = {
        header["value"]
        for origin in distribution.inputs["origins"]
        for header in origin.get("customHeaders") or ()
    }
    digests = {
        function.name.replace("-", "_"): variables["ORIGIN_DIGESTS"]
        for function in graph.by_type("aws:lambda/function:Function")
        if "ORIGIN_DIGESTS" in (variables := function.inputs["environment"]["variables"])
    }
    return Deployed(header, digests)


@pytest.fixture(scope="module")
def generations():
    return {generation: deployed(generation) for generation in (1, 2, 3)}


@pytest.fixture(scope="module")
def key():
    return signing.Key("one")


@pytest.fixture
def token(environment, key):
    """An access token, and the key server that vouches for it."""
    with signing.serving([key.public]) as server:
        environment.setenv("JWKS_URL", server.url)
        yield key.token()


@pytest.fixture
def tickets():
    with mock_aws():
        tables.create("connections")
        yield Tickets(tables.create("tickets").name)


@pytest.fixture
def refused(environment, event, token, tickets):
    """The functions of one set of digests that turn a request with the header away."""

    def http(app, header):
        request = event("http_api")
        request["routeKey"] = request["requestContext"]["routeKey"] = "$default"
        request["rawPath"] = request["requestContext"]["http"]["path"] = "/api/nowhere"
        request["headers"]["x-origin-verify"] = header
        return app.handler(request, Context())["statusCode"] == 404

    def authorizer(app, header):
        request = recorded("authorizer/events/http_authorizer.json")
        request["headers"] |= {"authorization": f"Bearer {token}", "x-origin-verify": header}
        return app.handler(request, Context())["isAuthorized"]

    def connect_authorizer(app, header):
        request = recorded("connect_authorizer/events/websocket_authorizer.json")
        request["headers"]["X-Origin-Verify"] = header
        ticket = tickets.issue(ADA, ["w1"]).ticket
        request["queryStringParameters"] = {"ticket": ticket}
        return app.handler(request, Context())["principalId"] == "ada"

    def realtime(app, header):
        request = event("websocket_connect")
        request["headers"]["X-Origin-Verify"] = header
        claims = Claims(principal=ADA, workspaces=("w1",))
        request["requestContext"]["authorizer"] = claims.context()
        return app.handler(request, Context())["statusCode"] == 200

    asked = {
        "authorizer": authorizer,
        "connect_authorizer": connect_authorizer,
        "realtime": realtime,
        **dict.fromkeys(HTTP, http),
    }

    def ask(header, digests):
        turned_away = set()
        for name, of_function in digests.items():
            app = import_module(f"functions.{name}.app")
            environment.setenv("ORIGIN_DIGESTS", of_function)
            forget(app)
            if not asked[name](app, header):
                turned_away.add(name)
            forget(app)
        return turned_away

    return ask


def recorded(path):
    return json.loads((HERE / path).read_text(encoding="utf-8"))


def test_every_function_that_cloudfront_leads_to_is_given_digests(generations):
    assert {g: set(d.digests) for g, d in generations.items()} == dict.fromkeys(
        (1, 2, 3), BEHIND_CLOUDFRONT
    )


@pytest.mark.parametrize("walk", [EDGE_FIRST, FUNCTIONS_FIRST], ids=["edge", "functions"])
def test_no_request_is_refused_while_a_generation_is_raised_whichever_is_updated_first(
    generations, refused, walk
):
    found = {
        (edge, functions): refused(generations[edge].header, generations[functions].digests)
        for edge, functions in walk
    }

    assert found == {state: set() for state in walk}


def test_a_leaked_value_still_opens_after_one_rotation_and_nothing_after_two(generations, refused):
    leaked = generations[1].header

    assert refused(leaked, generations[2].digests) == set()
    assert refused(leaked, generations[3].digests) == BEHIND_CLOUDFRONT


def test_raised_by_two_at_once_every_request_is_refused_until_both_are_updated(
    generations, refused
):
    assert refused(generations[1].header, generations[3].digests) == BEHIND_CLOUDFRONT
    assert refused(generations[3].header, generations[1].digests) == BEHIND_CLOUDFRONT


def test_who_sends_no_value_or_a_digest_itself_is_refused(generations, refused):
    digests = generations[2].digests

    assert refused("", digests) == BEHIND_CLOUDFRONT
    assert refused(digests["health"].split(",")[0], digests) == BEHIND_CLOUDFRONT
