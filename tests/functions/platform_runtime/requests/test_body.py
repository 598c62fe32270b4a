"""Bodies and queries: read as what they are declared, or refused with every bad field named."""

import json
from dataclasses import asdict, dataclass
from typing import Annotated, Literal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.platform_runtime.requests import body
from functions.platform_runtime.requests.body import Between
from functions.platform_runtime.responses import RequestError, failure
from tests.functions.platform_runtime.requests.bodies import (
    KEY,
    Made,
    Name,
    Step,
    event,
    made,
    problems,
    refusal,
)


def test_a_body_is_read_as_what_it_is_declared():
    steps = [{"name": "one", "module": "simcore"}, {"name": "two", "module": "qmlab"}]

    assert made(
        parameters={"a": [1, None]}, workflow_id=KEY.upper(), runs=3.0, share=1, steps=steps
    ) == Made(
        name="n",
        workspace_id=UUID(KEY),
        parameters={"a": [1, None]},
        workflow_id=UUID(KEY),
        runs=3,
        share=1.0,
        steps=(Step(name="one", module="simcore"), Step(name="two", module="qmlab")),
    )
    assert asdict(made()) == asdict(Made(name="n", workspace_id=UUID(KEY)))
    assert made(note=None, workflow_id=None).note is None


def test_every_bad_field_is_named_in_one_answer():
    error = refusal(
        {
            "name": "",
            "workflow_id": "1",
            "note": "far too long",
            "runs": 101,
            "share": "half",
            "public": 1,
            "parameters": [],
            "steps": [{"name": 5, "module": "other", "x": 1}, {}],
            "extra": 1,
        }
    )

    assert {one["field"]: one["problem"] for one in error.beside["fields"]} == {
        "name": "has 0 characters, not 1 to 8",
        "workspace_id": "is missing",
        "workflow_id": "is not a UUID",
        "note": "has 12 characters, not 1 to 8",
        "runs": "is not from 1 to 100",
        "share": "is not a number",
        "public": "is neither true nor false",
        "parameters": "is not an object",
        "steps.0.name": "is not a text",
        "steps.0.module": "is not one of simcore, qmlab",
        "steps.0.x": "is not known here",
        "steps.1.name": "is missing",
        "steps.1.module": "is missing",
        "extra": "is not known here",
    }
    answer = failure(error, "request-1")
    assert answer["statusCode"] == 422
    assert {"field": "extra", "problem": "is not known here"} in json.loads(answer["body"])[
        "fields"
    ]


@pytest.mark.parametrize("value", [[], "text", 5, None, True])
def test_a_body_that_is_no_object_is_said_to_be_none(value):
    assert problems(event(json.dumps(value))) == {"": "is not an object"}
    assert str(refusal(event(json.dumps(value)))) == "the body is not an object."


@dataclass(frozen=True, kw_only=True)
class Filter:
    status: Literal["running", "failed"] | None = None
    limit: Annotated[int, Between(1, 100)] = 20
    deep: bool = False
    name: Name = "all"


def test_a_query_is_read_likewise_from_texts():
    given = {"status": "failed", "limit": "7", "deep": "true", "name": "5"}

    assert body.query(Filter, {"queryStringParameters": given}) == Filter(
        status="failed", limit=7, deep=True, name="5"
    )
    assert body.query(Filter, {}) == Filter()


def test_every_bad_part_of_a_query_is_named():
    given = {"status": "x", "limit": "ten", "deep": "1", "name": "", "extra": ""}
    with pytest.raises(RequestError) as caught:
        body.query(Filter, {"queryStringParameters": given})

    assert {one["field"]: one["problem"] for one in caught.value.beside["fields"]} == {
        "status": "is not one of running, failed",
        "limit": "is malformed",
        "deep": "is neither true nor false",
        "name": "has 0 characters, not 1 to 8",
        "extra": "is not known here",
    }


def test_an_id_of_a_path_is_one_or_a_422_that_names_it():
    assert body.identifier(KEY, "simulation") == UUID(KEY)
    with pytest.raises(RequestError, match="simulation is not a UUID") as caught:
        body.identifier("1", "simulation")
    assert caught.value.status == 422


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.text()
            | st.sampled_from(["name", "workspace_id", "runs", "steps", "parameters", "module"]),
            inner,
        )
    ),
)


@settings(derandomize=True, database=None, deadline=None)
@given(JSON | st.text())
def test_whatever_is_sent_is_read_or_refused_and_never_a_failure_of_ours(value):
    status = None
    try:
        body.parse(Made, event(value))
    except RequestError as error:
        status = error.status
    assert status in {None, 400, 422}
