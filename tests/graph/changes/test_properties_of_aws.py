"""A changed property gets the verdict that the page named in its case gives it."""

from pathlib import Path

import pytest
import yaml

from graph.changes.compare import compare
from tests.policies.cases import changed
from tests.stacks import built

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['resource']} {c['path']} {c['value']}")
def test_a_changed_property_does_what_its_source_says(case):
    graph = built(case["stack"])
    after = changed(case["resource"], case["path"], case["value"])(graph)
    found = {change.resource.label: change for change in compare(graph, after)}

    change = found[case["resource"]]
    assert list(change.kinds) == case["kinds"]
    assert case.get("why", "") in "; ".join(change.why)
    assert case["source"]
