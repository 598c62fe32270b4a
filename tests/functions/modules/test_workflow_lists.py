"""Workflows as they are listed and asked for."""

import pytest

from tests.functions.modules.fixtures import STEPS


def test_workflows_are_listed_by_status_in_pages(ada, flows, start):
    start()
    for name in ("a", "b"):
        ada.post(flows, {"name": name, "steps": STEPS[:1]})

    first = ada.get(f"{flows}?limit=2").body
    second = ada.get(f"{flows}?limit=2&cursor={first['next']}").body

    names = [item["name"] for item in first["items"] + second["items"]]
    assert (names, second["next"]) == (["b", "a", "chain"], None)
    running = ada.get(f"{flows}?status=running").body["items"]
    assert [item["name"] for item in running] == ["chain"]
    assert "steps" not in running[0]


@pytest.mark.parametrize(
    ("steps", "bad"),
    [
        ([], "steps"),
        ([{"module": "alchemy", "name": "n"}], "steps.0.module"),
        ([{"module": "qmlab", "name": ""}], "steps.0.name"),
        ([{"module": "qmlab", "name": "n", "item": "x"}], "steps.0.item"),
        ([{"module": "qmlab", "name": "n"}] * 21, "steps"),
    ],
)
def test_steps_that_cannot_be_are_named(ada, flows, steps, bad):
    answer = ada.post(flows, {"name": "w", "steps": steps})

    assert answer.status == 422
    assert bad in {one["field"] for one in answer.body["fields"]}
