"""The record itself: finding resources in it, and showing it without its secrets."""

import copy
import json
import pickle

import pytest

from graph.model import UNKNOWN, Graph, Resource, mask, parents_first, step


def resource(name, type_, parent=None, **fields):
    return Resource(
        urn=name, name=name, type=type_, custom=type_.startswith("aws:"), parent=parent, **fields
    )


STACK = resource("shop-test", "pulumi:pulumi:Stack", outputs={"url": "u"})
STORE = resource("store", "ma-platform:data:Store", "shop-test")
HELPER = resource("helper", "other:index:Helper", "store")
PART = resource("part", "ma-platform:edge:Part", "helper")
TABLE = resource("items", "aws:dynamodb/table:Table", "part")
PROVIDER = resource("main", "pulumi:providers:aws", "shop-test")
GRAPH = Graph("shop", "test", (STACK, STORE, HELPER, PART, TABLE, PROVIDER))


def test_resources_are_found_by_type_name_and_parent():
    assert GRAPH.by_type("aws:dynamodb/table:Table") == [TABLE]
    assert GRAPH.resource("items") is TABLE
    assert GRAPH.children(STORE) == [HELPER]
    assert GRAPH.outputs == {"url": "u"}


def test_a_name_that_is_not_there_or_not_one_resources_is_an_error():
    twins = [Resource(urn=t, name="n", type=t, custom=True) for t in ("x:y:A", "x:y:B")]
    graph = Graph("shop", "test", (*twins,))

    assert graph.resource("n", "x:y:B") is twins[1]
    with pytest.raises(LookupError, match="n: several: x:y:A, x:y:B"):
        graph.resource("n")
    with pytest.raises(LookupError, match="m: no such name"):
        graph.resource("m")
    with pytest.raises(LookupError, match="n: no such name"):
        graph.resource("n", "x:y:C")


def test_a_resource_belongs_to_the_outermost_component_of_the_platform():
    assert [GRAPH.component(r) for r in (STORE, PART, TABLE, PROVIDER)] == [STORE] * 3 + [None]
    assert [GRAPH.layer(r) for r in (STORE, PART, TABLE, PROVIDER)] == ["data"] * 3 + [None]


@pytest.mark.parametrize(
    ("type_", "short"),
    [
        ("aws:rds/instance:Instance", "rds.Instance"),
        ("random:index/randomPassword:RandomPassword", "random.RandomPassword"),
        ("pulumi:providers:aws", "provider.aws"),
        ("ma-platform:data:Store", "ma-platform.Store"),
    ],
)
def test_a_type_has_a_short_form(type_, short):
    assert resource("a", type_).short_type == short


def test_parents_come_before_their_children_and_siblings_by_urn():
    shuffled = [TABLE, PROVIDER, PART, HELPER, STACK, STORE]

    assert parents_first(shuffled) == (STACK, PROVIDER, STORE, HELPER, PART, TABLE)


def test_a_resource_whose_parent_is_elsewhere_is_kept():
    assert parents_first([TABLE]) == (TABLE,)


def test_json_shows_neither_secrets_nor_pretends_to_know():
    secret = resource(
        "items",
        "aws:dynamodb/table:Table",
        id=UNKNOWN,
        inputs={"tags": {"a key": "s3cret", "b": ["x", "s3cret"]}, "name": UNKNOWN},
        outputs={"all": {"s3cret": 1}},
        secrets=('inputs.tags["a key"]', "inputs.tags.b[1]", "outputs.all"),
    )

    shown = secret.to_json()
    assert (shown["id"], shown["inputs"], shown["outputs"]) == (
        "[unknown]",
        {"tags": {"a key": "[secret]", "b": ["x", "[secret]"]}, "name": "[unknown]"},
        {"all": "[secret]"},
    )
    assert "s3cret" not in json.dumps(shown)


def test_json_names_every_field_as_pulumi_does():
    assert list(GRAPH.to_json()) == ["project", "stack", "resources", "outputs"]
    assert list(STACK.to_json()) == [
        *("urn", "type", "name", "custom", "id", "parent", "provider", "external"),
        *("dependencies", "propertyDependencies", "aliases", "protect", "ignoreChanges"),
        *("retainOnDelete", "deleteBeforeReplace", "additionalSecretOutputs", "importId"),
        *("secrets", "inputs", "outputs"),
    ]


def test_the_exports_in_json_are_masked_like_any_output():
    stack = resource("s", "pulumi:pulumi:Stack", outputs={"p": "w"}, secrets=("outputs.p",))

    assert Graph("shop", "test", (stack,)).to_json()["outputs"] == {"p": "[secret]"}


def test_unknown_is_itself_after_any_copy():
    copies = [copy.deepcopy(UNKNOWN), pickle.loads(pickle.dumps(UNKNOWN))]  # noqa: S301

    assert all(value is UNKNOWN for value in copies)
    assert (str(UNKNOWN), UNKNOWN != "[unknown]") == ("[unknown]", True)


def test_paths_are_written_as_pulumi_writes_them():
    assert step(step(step("inputs.a", 0), "b-c"), "d.e") == 'inputs.a[0].b-c["d.e"]'


def test_plain_values_are_shown_as_they_are():
    assert mask({"a": [1, 2.5, True, None, "x"]}) == {"a": [1, 2.5, True, None, "x"]}
