"""What fields hold, each refused for its own reason, and the schema that says so."""

import sys
from dataclasses import dataclass

import pytest

from functions.platform_runtime.requests import body
from functions.platform_runtime.requests.schemas import schema
from tests.functions.platform_runtime.requests.bodies import KEY, Made, event, problems


def wrong(**given):
    return problems({"name": "n", "workspace_id": KEY, **given})


@pytest.mark.parametrize("value", [True, "1", 1.5, None, 2**53, -(2**53), [1], 1e300])
def test_what_is_no_whole_number_is_said_to_be_none(value):
    assert wrong(runs=value) == {"runs": "is not a whole number"}


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        "",
        "x" * 36,
        KEY[:-1],
        f"{{{KEY}}}",
        f"urn:uuid:{KEY}",
        KEY.replace("-", ""),
        f" {KEY}",
        [KEY],
    ],
)
def test_an_id_has_one_spelling(value):
    assert wrong(workspace_id=value) == {"workspace_id": "is not a UUID"}


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "\udfff!"])
def test_a_text_postgres_would_refuse_is_refused_wherever_it_is(text):
    stored = "holds characters that cannot be stored"

    assert wrong(name=text) == {"name": stored}
    assert wrong(parameters={"a": [{"b": text}]}) == {"parameters": stored}
    assert wrong(parameters={text: 1}) == {"parameters": stored}


def test_a_number_that_overflows_is_refused_in_an_object():
    document = f'{{"name": "n", "workspace_id": "{KEY}", "parameters": {{"a": 1e999}}}}'

    assert problems(event(document)) == {"parameters": "holds a number that is too large"}


def test_an_objects_size_is_its_size_as_json():
    assert wrong(parameters={"a": "x" * 99}) == {"parameters": "has 107 bytes, not 2 to 100"}


def test_a_list_has_bounds():
    step = {"name": "s", "module": "qmlab"}
    assert wrong(steps=[step] * 3) == {"steps": "has 3 items, not 0 to 2"}
    assert wrong(steps=step) == {"steps": "is not a list"}


def test_a_long_unknown_name_is_cut_off_in_the_answer():
    (name,) = wrong(**{"x" * 5000: 1})
    assert name == "x" * 64


def test_the_schema_says_what_is_accepted():
    name = {"type": "string", "pattern": "^[^\\u0000]*$", "minLength": 1, "maxLength": 8}
    key = {"type": "string", "format": "uuid"}
    null = {"type": "null"}

    assert schema(Made) == {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "workspace_id"],
        "properties": {
            "name": name,
            "workspace_id": key,
            "parameters": {"type": "object"},
            "workflow_id": {"anyOf": [key, null], "default": None},
            "note": {"anyOf": [name, null], "default": None},
            "runs": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1},
            "share": {"type": "number", "default": 0.5},
            "public": {"type": "boolean", "default": False},
            "steps": {
                "type": "array",
                "minItems": 0,
                "maxItems": 2,
                "default": [],
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["name", "module"],
                    "properties": {
                        "name": name,
                        "module": {"type": "string", "enum": ["simcore", "qmlab"]},
                    },
                },
            },
        },
    }


def test_numbers_without_bounds_have_those_json_can_carry():
    @dataclass(frozen=True)
    class Free:
        count: int

    assert schema(Free)["properties"]["count"]["maximum"] == 2**53 - 1


def test_nothing_here_needs_pydantic():
    assert not [name for name in vars(sys.modules[body.__name__]) if "pydantic" in name]
