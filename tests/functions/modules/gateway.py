"""API Gateway in front of the functions: which route a request takes, and the event it becomes."""

import json
import re
import time
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

from contract import routes
from tests.functions.conftest import SECRETS, Context

EVENT = Path(__file__).parents[2] / "events" / "http_api.json"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: object

    @property
    def code(self):
        """The error's, if it is one."""
        return self.body["error"]["code"]


@dataclass
class Gateway:
    """Sends requests to the functions' handlers; other ones than an import's for two at once."""

    handlers: dict[str, object] = field(default_factory=dict)

    def handle(
        self, method, path, *, query="", headers=None, body=None, principal=None, encoded=False
    ):
        """The function's own answer to the event this request becomes."""
        event, function = an_event(method, path, query, headers or {}, body, principal)
        event["isBase64Encoded"] = encoded
        handler = self.handlers.get(function)
        if handler is None:
            handler = import_module(f"functions.{function}.app").handler
        return handler(event, Context())


@dataclass
class Caller:
    """Somebody who has shown who they are, or nobody."""

    gateway: Gateway
    context: dict[str, str] | None

    def ask(self, method, path, body=None, **headers):
        path, _, query = path.partition("?")
        text = body if isinstance(body, str | None) else json.dumps(body)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.gateway.handle(
            method, path, query=query, headers=headers, body=text, principal=self.context
        )
        parsed = json.loads(answer["body"]) if answer["body"] else None
        return Answer(answer["statusCode"], answer["headers"], parsed)

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, body, **headers)

    def put(self, path, body=None, **headers):
        return self.ask("PUT", path, body, **headers)

    def delete(self, path, **headers):
        return self.ask("DELETE", path, **headers)


def user(subject, *, expires_in=3600):
    return {"subject": subject, "kind": "user", "expires": str(int(time.time()) + expires_in)}


def worker():
    return {"subject": "worker", "kind": "worker", "expires": str(int(time.time()) + 900)}


def api_key(workspace, key="k1"):
    return {"subject": f"api-key:{key}", "kind": "api", "workspace": workspace}


def an_event(method, path, query, headers, body, principal):
    event = json.loads(EVENT.read_text(encoding="utf-8"))
    route, parameters = matched(method, path)
    event["routeKey"] = event["requestContext"]["routeKey"] = route.key if route else "$default"
    event["rawPath"] = event["requestContext"]["http"]["path"] = unquote(path)
    event["requestContext"]["http"]["method"] = method
    event["rawQueryString"] = query
    event["headers"] |= {"x-origin-verify": SECRETS[0], **headers}
    if parameters:
        event["pathParameters"] = parameters
    if query:
        event["queryStringParameters"] = joined(query)
    if body is not None:
        event["body"] = body
    if principal and route and route.access == "authenticated":
        event["requestContext"]["authorizer"] = {"lambda": principal}
    return event, route.function if route else routes.FALLBACK_FUNCTION


def matched(method, path):
    """The route API Gateway chooses, a literal before a parameter, and the parameters."""
    found = []
    for route in routes.ROUTES:
        pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route.path)
        match = re.fullmatch(pattern, path)
        if match and route.method == method:
            decoded = {name: unquote(value) for name, value in match.groupdict().items()}
            found.append((len(decoded), route.path, route, decoded))
    return min(found, key=lambda one: one[:2])[2:] if found else (None, {})


def joined(query):
    """A name that comes again has its values joined with commas."""
    found = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        name, value = (unquote(text.replace("+", " ")) for text in (name, value))
        found[name] = f"{found[name]},{value}" if name in found else value
    return found
