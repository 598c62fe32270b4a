"""Schemas of what the API answers."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

Json = dict[str, Any]

_DETAIL = {key: {"type": "string"} for key in ("code", "message", "requestId")}
ERROR: Json = {
    "type": "object",
    "properties": {
        "error": {"type": "object", "properties": _DETAIL, "required": list(_DETAIL)},
    },
    "required": ["error"],
}
_NAMED = {key: {"type": "string"} for key in ("field", "problem")}
INVALID: Json = {
    "type": "object",
    "properties": {
        **ERROR["properties"],
        "fields": {
            "type": "array",
            "items": {"type": "object", "properties": _NAMED, "required": list(_NAMED)},
        },
    },
    "required": ["error", "fields"],
}
REFUSED: Json = {
    "type": "object",
    "description": "API Gateway's own refusal.",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
}
SCHEMES: Json = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token of the user pool, or a worker's.",
    },
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`ApiKey <key>`: a workspace's key.",
    },
}


@dataclass(frozen=True)
class Records:
    """The schemas of what is answered, each once, under its record's name."""

    schemas: dict[str, Json]

    def of(self, kind: Any) -> Json:  # noqa: ANN401 - a record's field may be anything
        """What an answer of this kind looks like: all its fields are there."""
        arms = get_args(kind)
        match kind:
            case list():
                page = {"items": {"type": "array", "items": self.of(kind[0])}}
                return {"type": "object", "properties": page, "required": ["items"]}
            case _ if dataclasses.is_dataclass(kind):
                return self._reference(kind)
            case _ if get_origin(kind) is UnionType:
                inner = next(arm for arm in arms if arm is not NoneType)
                return {"anyOf": [self.of(inner), {"type": "null"}]}
            case _ if get_origin(kind) is Literal:
                return {"type": "string", "enum": list(arms)}
            case _ if get_origin(kind) is tuple:
                return {"type": "array", "items": self.of(arms[0])}
            case _ if get_origin(kind) is dict and arms[1] is str:
                return {"type": "object", "additionalProperties": {"type": "string"}}
        return dict(PRIMITIVES.get(get_origin(kind) or kind, {}))

    def _reference(self, kind: Any) -> Json:  # noqa: ANN401
        name: str = kind.__name__
        if name not in self.schemas:
            properties = {key: self.of(one) for key, one in get_type_hints(kind).items()}
            self.schemas[name] = {
                "type": "object",
                "description": " ".join((kind.__doc__ or "").split()),
                "properties": properties,
                "required": list(properties),
            }
        return {"$ref": f"#/components/schemas/{name}"}


PRIMITIVES: Mapping[Any, Json] = {
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    str: {"type": "string"},
    int: {"type": "integer"},
    dict: {"type": "object"},
}
