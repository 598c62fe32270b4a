"""What a body is declared to be in these tests, and how one is refused."""

import json
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest

from functions.platform_runtime.requests import body
from functions.platform_runtime.requests.body import Between, Items, Length
from functions.platform_runtime.responses import RequestError

KEY = "00000000-0000-0000-0000-000000000001"


Name = Annotated[str, Length(1, 8)]


@dataclass(frozen=True, kw_only=True)
class Step:
    name: Name
    module: Literal["simcore", "qmlab"]


@dataclass(frozen=True, kw_only=True)
class Made:
    name: Name
    workspace_id: UUID
    parameters: Annotated[dict[str, Any], Length(2, 100)] = field(default_factory=dict)
    workflow_id: UUID | None = None
    note: Name | None = None
    runs: Annotated[int, Between(1, 100)] = 1
    share: float = 0.5
    public: bool = False
    steps: Annotated[tuple[Step, ...], Items(0, 2)] = ()


def event(value, **more):
    text = value if isinstance(value, str) else json.dumps(value)
    return {"body": text, "isBase64Encoded": False, **more}


def made(**given):
    return body.parse(Made, event({"name": "n", "workspace_id": KEY, **given}))


def refusal(value, **options):
    with pytest.raises(RequestError) as caught:
        body.parse(Made, value if "body" in value else event(value), **options)
    return caught.value


def problems(value):
    error = refusal(value)
    assert (error.status, error.code) == (422, "invalid_request")
    return {one["field"]: one["problem"] for one in error.beside["fields"]}
