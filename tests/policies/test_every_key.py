"""Every key of a stack file with each kind of its values, all pairs of them in a few stacks."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from config.stack import load
from config.tiers import TIERS
from graph.model import Graph
from policies import keys
from policies.rules import RULES
from tests.policies.cases import TODAY
from tests.policies.every_key import families, problems, stack
from tests.policies.pairwise import Values, pairwise
from tests.stacks import declared
from tools.review import lines, preview
from tools.review.policy import judge

pytestmark = pytest.mark.slow


MOST_ROWS = 60


@cache
def rows() -> tuple[list[Values], list[Values]]:
    return pairwise(families(), lambda values: not problems(values), most=MOST_ROWS)


def at(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data.get(key) if isinstance(data, Mapping) else None
    return list(data) if isinstance(data, tuple) else data


def unlike_the_tier(values: Values) -> set[str]:
    """The keys whose value is not what their tier says anyway."""
    nested, region = stack({"tier": values["tier"]})
    default = load(nested, region=region, source="Pulumi.fifth.yaml").model_dump(mode="json")
    return {key for key, value in values.items() if at(default, key) != value}


def built(values: Values) -> Graph:
    nested, region = stack(values)
    return declared(nested, region=region)


def broken(graph: Graph) -> set[str]:
    return {finding.rule.name for finding in judge(graph, today=TODAY, waivers=()).violations}


def test_every_value_comes_up_and_what_never_goes_together_is_refused_by_one_of_the_two():
    said, never = rows()
    values = {(key, str(value)) for row in said for key, value in row.items()}

    assert {(key, str(v)) for key, all_of_it in families().items() for v in all_of_it} == values
    for pair in never:
        blamed = {".".join(map(str, problem.path)) for problem in problems(pair)}
        assert any(path.startswith(key) for path in blamed for key in pair), pair


def test_the_keys_that_break_rules_are_keys_and_the_rules_are_rules():
    assert set(keys.BROKEN_BY) <= set(families())
    assert {rule for rules in keys.BROKEN_BY.values() for rule in rules} <= {
        rule.name for rule in RULES
    }


@pytest.mark.slow
@pytest.mark.parametrize("tier", TIERS)
def test_a_legal_stack_is_shown_and_what_it_breaks_names_a_key_that_it_says(tier):
    usual = broken(built({"tier": tier}))
    nameless = []
    for values in rows()[0]:
        if values["tier"] != tier:
            continue
        graph = built(values)
        said = unlike_the_tier(values)
        nameless += [r for r in broken(graph) - usual if not said & set(keys.of(r))]
        own = sum(resource.custom for resource in graph.resources)
        assert f"{own} resources in" in shown(graph, values)

    assert nameless == []


def shown(graph: Graph, values: Values) -> str:
    nested, region = stack(values)
    config = load(nested, region=region, source="Pulumi.fifth.yaml")
    of = preview.Preview(graph=graph, config=config, waivers=(), today=TODAY)
    return lines.text(preview.shown([of], 100, full=True))
