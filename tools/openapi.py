"""The API as one OpenAPI 3.1 document: the contract's routes, and what each takes and answers."""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from contract.module_routes import MODULES
from contract.route import Route
from contract.routes import ROUTES
from functions.modules.descriptions import of_module
from functions.modules.inputs import PageQuery
from functions.modules.requests import MEMBER, Described
from functions.platform_runtime.requests.fields import hints
from functions.platform_runtime.requests.schemas import schema
from functions.workspaces.descriptions import DESCRIBED
from tools import ExpectedError
from tools.openapi_public import PUBLIC
from tools.openapi_schemas import ERROR, INVALID, REFUSED, SCHEMES, Json, Records

DOCUMENT = Path("docs/openapi.json")
FAILURES = {
    400: "The body is no JSON.",
    401: "Nobody has signed in, or the token has expired.",
    403: "Not through the public address, or not for this caller.",
    404: "There is none, or none that the caller may see.",
    409: "It cannot be done as things are.",
    412: "It was changed since it was read.",
    413: "The body is larger than 256 KiB.",
    422: "Some fields are wrong; each is named.",
    429: "Too many requests within a minute.",
    500: "The platform failed; the request's id finds it in the log. Without one, in API Gateway's "
    "words, who asks could not be found out just now: ask again.",
    503: "Something the platform needs does not answer, or changes are paused; which one, the code "
    "says: `database_unavailable`, `limits_unavailable`, `writes_paused`.",
}
BY_THE_GATEWAY = frozenset({401, 403, 413, 429, 500, 503})
"""API Gateway may refuse by itself, and then says so in its own words."""


def document() -> Json:
    """The whole document, in the routes' order."""
    described = {**DESCRIBED}
    for module in MODULES.values():
        described |= of_module(module)
    records = Records({"Error": ERROR, "InvalidRequest": INVALID, "Refused": REFUSED})
    paths: dict[str, Json] = {}
    for route in ROUTES:
        found = described.get(route.operation)
        operation = _described(route, found, records) if found else _public(route)
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "MA Platform", "version": "1"},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": records.schemas,
            "responses": {str(status): _failure(status) for status in FAILURES},
            "securitySchemes": SCHEMES,
        },
    }


def text() -> str:
    """As the file holds it."""
    return json.dumps(document(), indent=2) + "\n"


def _public(route: Route) -> Json:
    if route.operation not in PUBLIC:
        raise ExpectedError(
            f"{route.operation} is not described: add it to tools/openapi_public.py"
        )
    public = PUBLIC[route.operation]
    failures = sorted({403, 429, 500, 503, *public.refusals})
    answer = {"description": "So it is.", "content": _json(public.answer)}
    return {
        "operationId": route.operation,
        "summary": public.summary,
        "security": [],
        "responses": {"200": answer, **_failures(failures, public.refusals)},
    }


def _described(route: Route, described: Described, records: Records) -> Json:
    failures = {401, 403, 429, 500, 503, *described.refusals}
    operation: Json = {
        "operationId": route.operation,
        "summary": described.summary,
        "description": f"For {', '.join(sorted(described.kinds))}.",
        "tags": [route.path.split("/")[2]],
        "security": [{"bearer": []}] + ([{"apiKey": []}] if "api" in described.kinds else []),
    }
    if parameters := list(_parameters(route, described)):
        operation["parameters"] = parameters
    if described.body:
        operation["requestBody"] = {"required": True, "content": _json(schema(described.body))}
        failures |= {400, 413}
    if described.body or described.query or "{" in route.path:
        failures.add(422)
    answers = {
        str(status): _answer(status, kind, described, records)
        for status, kind in described.answers.items()
    }
    if described.kept:
        answers["304"] = {"description": "The browser has it already."}
    return operation | {"responses": {**answers, **_failures(sorted(failures), described.refusals)}}


def _answer(status: int, kind: Any, described: Described, records: Records) -> Json:  # noqa: ANN401
    answer: Json = {"description": "Done." if status == 204 else "As asked."}
    if kind is None:
        return answer
    body = records.of(kind)
    if described.query and issubclass(described.query, PageQuery):
        body["properties"]["next"] = {
            "anyOf": [{"type": "string"}, {"type": "null"}],
            "description": "The cursor of the page after this one.",
        }
        body["required"].append("next")
    answer["content"] = _json(body)
    if described.kept:
        answer["headers"] = {"ETag": {"required": True, "schema": {"type": "string"}}}
    return answer


def _parameters(route: Route, described: Described) -> Iterator[Json]:
    for name in re.findall(r"{(\w+)}", route.path):
        form: Json = {"type": "string", "pattern": f"^{MEMBER.pattern}$"}
        if name != "user_id":
            form = schema(UUID)
        yield {"name": name, "in": "path", "required": True, "schema": form}
    if described.query:
        known: Mapping[str, Any] = hints(described.query)  # type: ignore[arg-type]
        for field in dataclasses.fields(described.query):
            form = schema(known[field.name])
            # A query says nothing by leaving out, never by null.
            form = form.get("anyOf", [form])[0]
            yield {"name": field.name, "in": "query", "required": False, "schema": form}
    if described.kept:
        yield _header("If-None-Match", "The ETag of what the browser has.")
    if 412 in described.refusals:
        yield _header("If-Match", "The ETag of what is to be changed.")


def _header(name: str, description: str) -> Json:
    return {
        "name": name,
        "in": "header",
        "description": description,
        "schema": {"type": "string"},
    }


def _failures(statuses: Sequence[int], codes: Mapping[int, Sequence[str]] | None = None) -> Json:
    """References; with codes of its own, the description names them."""
    found: Json = {}
    for status in statuses:
        found[str(status)] = {"$ref": f"#/components/responses/{status}"}
        if own := (codes or {}).get(status):
            found[str(status)] = _failure(status, own)
    return found


def _failure(status: int, codes: Sequence[str] = ()) -> Json:
    named = f" {', '.join(f'`{code}`' for code in codes)}" if codes else ""
    body: Json = {"$ref": f"#/components/schemas/{'InvalidRequest' if status == 422 else 'Error'}"}
    if status in BY_THE_GATEWAY:
        body = {"anyOf": [body, {"$ref": "#/components/schemas/Refused"}]}
    answer = {"description": f"{FAILURES[status]}{named}", "content": _json(body)}
    if status in {429, 503}:
        answer["headers"] = {"Retry-After": {"schema": {"type": "string"}}}
    return answer


def _json(form: Json) -> Json:
    return {"application/json": {"schema": form}}
