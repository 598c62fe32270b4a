"""That a stack is built once a test run, whichever process asks for it."""

from graph.model import UNKNOWN, Graph, Resource
from tests import stacks


def test_what_one_process_has_built_another_finds(monkeypatch, tmp_path):
    runs = []

    def record(stack, config, *, unknown):
        runs.append((config["name"], unknown))
        bucket = Resource(urn="urn", type="bucket", name="data", custom=True, id=UNKNOWN)
        return Graph("ma-platform", stack, (bucket,))

    monkeypatch.setenv(stacks.SHARED, str(tmp_path))
    monkeypatch.setattr(stacks, "record", record)
    one, again = (stacks._once("fifth", {"name": "one"}) for _ in range(2))
    stacks._once("fifth", {"name": "one"}, unknown=True)
    stacks._once("fifth", {"name": "another"})

    assert runs == [("one", False), ("one", True), ("another", False)]
    assert again == one
    assert again.resources[0].id is UNKNOWN
