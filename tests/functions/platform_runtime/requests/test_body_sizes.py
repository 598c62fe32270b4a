"""Bodies too large, too deep, or not JSON."""

import base64
import json

import pytest
from hypothesis import strategies as st

from functions.platform_runtime.requests import body
from functions.platform_runtime.responses import RequestError
from tests.functions.platform_runtime.requests.bodies import KEY, Made, event, made, refusal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{'a': 1}",
        "NaN",
        '{"a": Infinity}',
        '{"a": 1}}',
        "\ud800",
        "1" * 5000,
        "[" * 100_000,
    ],
)
def test_a_body_that_is_no_json_is_a_400(text):
    error = refusal(event(text))
    assert (error.status, error.code) == (400, "malformed_json")


def test_no_body_at_all_is_a_400():
    assert refusal({"body": None}).status == 400
    with pytest.raises(RequestError, match="not JSON"):
        body.parse(Made, {})


@pytest.mark.parametrize(("depth", "status"), [(28, None), (40, 400), (900, 400)])
def test_json_nests_so_deep_and_no_deeper(depth, status):
    nested = json.loads("[" * depth + "]" * depth)
    if status is None:
        assert made(parameters={"a": nested}).parameters == {"a": nested}
    else:
        assert refusal({"parameters": nested}).status == status


def test_a_body_in_base64_is_unpacked():
    text = base64.b64encode(json.dumps({"name": "ä", "workspace_id": KEY}).encode()).decode()

    assert body.parse(Made, event(text, isBase64Encoded=True)).name == "ä"
    assert refusal(event("!", isBase64Encoded=True)).status == 400
    assert refusal(event("A", isBase64Encoded=True)).status == 400
    assert refusal(event("/w==", isBase64Encoded=True)).status == 400


@pytest.mark.parametrize("encoded", [True, False])
@pytest.mark.parametrize(("size", "status"), [(1000, 422), (1001, 413), (100_000, 413)])
def test_a_body_beyond_its_size_is_a_413_whatever_it_holds(size, status, encoded):
    text = '"' + "x" * (size - 2) + '"'
    if encoded:
        text = base64.b64encode(text.encode()).decode()
    error = refusal(event(text, isBase64Encoded=encoded), most_bytes=1000)

    assert error.status == status


def test_the_size_is_counted_in_bytes():
    assert refusal(event('"' + "ä" * 500 + '"'), most_bytes=1000).code == "body_too_large"


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
