"""JSON Schemas of the dataclasses that requests are read as, for the OpenAPI document."""

# ruff: noqa: ANN401 - a field's type is only known when its dataclass is.
import dataclasses
import json
from dataclasses import MISSING
from typing import Annotated, Any, Literal, get_args, get_origin
from uuid import UUID

from functions.platform_runtime.requests.fields import Between, Items, Length, hints, optional
from functions.platform_runtime.requests.values import BIGGEST

Schema = dict[str, Any]

TEXT = {"type": "string", "pattern": "^[^\\u0000]*$"}
WHOLE = {"type": "integer", "minimum": -BIGGEST, "maximum": BIGGEST}


def schema(kind: Any) -> Schema:
    """What is accepted as ``kind``; a size of an object as JSON cannot be said in a schema."""
    if get_origin(kind) is Annotated:
        plain, *checks = get_args(kind)
        made = schema(plain)
        for check in checks:
            made = _narrowed(made, check)
        return made
    inner = optional(kind)
    if inner is not None:
        return {"anyOf": [schema(inner), {"type": "null"}]}
    if dataclasses.is_dataclass(kind):
        return _object(kind)
    if get_origin(kind) is Literal:
        return {"type": "string", "enum": list(get_args(kind))}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": schema(get_args(kind)[0])}
    if get_origin(kind) is dict:
        return {"type": "object"}
    return dict(_SCALARS[kind])


def _object(kind: Any) -> Schema:
    properties, required = {}, []
    for field in dataclasses.fields(kind):
        made = schema(hints(kind)[field.name])
        if field.default is not MISSING:
            made["default"] = json.loads(json.dumps(field.default, default=str))
        elif field.default_factory is MISSING:
            required.append(field.name)
        properties[field.name] = made
    made = {"type": "object", "properties": properties, "additionalProperties": False}
    return made | ({"required": required} if required else {})


def _narrowed(made: Schema, check: object) -> Schema:
    if "anyOf" in made:
        inner, null = made["anyOf"]
        return {"anyOf": [_narrowed(inner, check), null]}
    match check:
        case Length(least, most) if made["type"] == "string":
            return made | {"minLength": least, "maxLength": most}
        case Between(least, most):
            return made | {"minimum": least, "maximum": most}
        case Items(least, most):
            return made | {"minItems": least, "maxItems": most}
    return made


_SCALARS: dict[Any, Schema] = {
    str: TEXT,
    int: WHOLE,
    float: {"type": "number"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
}
