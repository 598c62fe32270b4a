"""The operations outside the modules: public, without input, each with an answer of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.openapi_schemas import Json


@dataclass(frozen=True, kw_only=True)
class Public:
    """``refusals`` has this operation's own codes of failure by status."""

    summary: str
    answer: Json
    refusals: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def _object(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


_TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": "integer", "minimum": 0}
_HEALTHY: dict[str, Json] = {
    "status": {"const": "ok"},
    "latency_ms": {"type": "number", "minimum": 0},
}
_READER = _object(
    status={"enum": ["ok", "unavailable"]},
    lag_seconds={
        "anyOf": [{"type": "number"}, {"type": "null"}],
        "description": "How far behind the writer it is; null where it does not say.",
    },
)

PUBLIC: Mapping[str, Public] = {
    "get_health": Public(
        summary="The API answers.",
        answer=_object(**_HEALTHY, environment=_TEXT, version=_TEXT),
    ),
    "get_database_health": Public(
        summary="The database answers; without its readers it still does, from the writer.",
        answer=_object(**_HEALTHY, readers={"type": "array", "items": _READER}),
        refusals={503: ("database_unavailable",)},
    ),
    "get_identity_health": Public(
        summary="The identity provider answers, so tokens can be checked.",
        answer=_object(**_HEALTHY, keys=_COUNT),
        refusals={503: ("identity_unavailable",)},
    ),
    "create_worker_token": Public(
        summary="Exchange the workers' API_KEY for a token.",
        answer=_object(token=_TEXT, token_type={"const": "Bearer"}, expires_in=_COUNT),
        refusals={401: ("api_key_refused",), 503: ("secrets_unavailable", "keys_unavailable")},
    ),
}
