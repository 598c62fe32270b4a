"""The API as a WSGI application: each request becomes API Gateway's event, for fuzzing."""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from tests.functions.modules.gateway import Gateway, matched

REFUSED = {401: "Unauthorized", 403: "Forbidden"}


def application(
    gateway: Gateway, document: Mapping[str, Any], principals: Mapping[str, Mapping[str, str]]
) -> Callable[..., Iterable[bytes]]:
    """``principals`` by their Authorization header; others are refused as the authorizer would."""

    def serve(environ, start_response):
        status, headers, body = answer(environ)
        start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
        return [body.encode()]

    def answer(environ):
        path, _, query = environ["REQUEST_URI"].partition("?")
        if path == "/openapi.json":
            return 200, {"content-type": "application/json"}, json.dumps(document)
        method, headers = environ["REQUEST_METHOD"], _headers(environ)
        route, _ = matched(method, path)
        stated = headers.get("authorization")
        if route and route.access == "authenticated" and stated not in principals:
            status = 403 if stated else 401
            body = json.dumps({"message": REFUSED[status]})
            return status, {"content-type": "application/json"}, body
        body, encoded = _body(environ)
        given = gateway.handle(
            method,
            path,
            query=query,
            headers=headers,
            body=body,
            principal=principals.get(stated),
            encoded=encoded,
        )
        return given["statusCode"], given["headers"], given["body"]

    return serve


def _headers(environ):
    """As API Gateway has them; what a header may not hold never came that far."""
    stated = {"content-type": environ.get("CONTENT_TYPE", "")}
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            stated[name.removeprefix("HTTP_").replace("_", "-").lower()] = value
    return {name: value for name, value in stated.items() if value and not name.startswith("x-")}


def _body(environ):
    """The body and whether it is in base64, as what is no text comes."""
    content = environ["wsgi.input"].read()
    try:
        return content.decode() or None, False
    except UnicodeDecodeError:
        return base64.b64encode(content).decode(), True
