"""The origin lock: its values, their digests, and how one replaces another."""

from hashlib import sha256

import pytest

from components.edge.origin_lock import OriginLock, OriginLockArgs
from config.sections import Edge
from tests.components.edge.programs import graph

PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105


def lock(generation, *, unknown=False):
    config = Edge(plan="payg", origin_secret_generation=generation)
    return graph(lambda: OriginLock("origin-lock", OriginLockArgs(config=config)), unknown=unknown)


def component(graph):
    [found] = graph.by_type("ma-platform:edge:OriginLock")
    return found


def values(graph):
    return {p.name: p.outputs["result"] for p in graph.by_type(PASSWORD)}


@pytest.mark.parametrize(
    ("generation", "names"),
    [
        (1, ["origin-lock-1", "origin-lock-2"]),
        (2, ["origin-lock-1", "origin-lock-2", "origin-lock-3"]),
        (7, ["origin-lock-6", "origin-lock-7", "origin-lock-8"]),
    ],
)
def test_there_is_a_value_for_the_generation_and_its_neighbours(generation, names):
    assert list(values(lock(generation))) == names


def test_the_generations_own_value_is_sent_and_all_are_known_by_digest():
    found = lock(2)
    secrets = values(found)

    assert component(found).outputs == {
        "secret": secrets["origin-lock-2"],
        "origin_digests": ",".join(sha256(s.encode()).hexdigest() for s in secrets.values()),
    }
    assert len(set(secrets.values())) == 3


def test_the_value_is_secret_and_the_digests_are_not():
    assert component(lock(2)).secrets == ("outputs.secret",)


def test_values_are_long_and_fit_a_header():
    assert {(p.inputs["length"], p.inputs["special"]) for p in lock(2).by_type(PASSWORD)} == {
        (64, False)
    }


def test_raising_the_generation_leaves_the_values_it_keeps_alone():
    before, after = ({p.urn: p.inputs for p in lock(g).by_type(PASSWORD)} for g in (2, 3))
    kept = before.keys() & after.keys()

    assert {urn.split("::")[-1] for urn in kept} == {"origin-lock-2", "origin-lock-3"}
    assert {urn: before[urn] for urn in kept} == {urn: after[urn] for urn in kept}


def accepts(deployed, sent):
    """Whether functions deployed at one generation take what CloudFront sends at another."""
    digest = sha256(component(lock(sent)).outputs["secret"].encode()).hexdigest()
    return digest in component(lock(deployed)).outputs["origin_digests"].split(",")


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_while_a_generation_is_raised_old_and_new_know_each_others_value(generation):
    assert accepts(deployed=generation, sent=generation + 1)
    assert accepts(deployed=generation + 1, sent=generation)


@pytest.mark.parametrize("generation", [1, 2, 3])
def test_a_value_is_refused_two_generations_on(generation):
    assert not accepts(deployed=generation + 2, sent=generation)


def test_a_first_preview_knows_no_value_and_no_digest():
    outputs = component(lock(1, unknown=True)).outputs

    assert {name: str(value) for name, value in outputs.items()} == {
        "secret": "[unknown]",
        "origin_digests": "[unknown]",
    }
