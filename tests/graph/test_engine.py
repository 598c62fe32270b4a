"""A run as a whole: to its end, in order, with its errors, and leaving nothing behind."""

import asyncio
import gc
import sys
import traceback
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import ResourceOptions

from graph.engine import EngineError
from tests.graph.shop import STACK, Store, topic

PROGRAMS = Path(__file__).parent / "programs"


def test_every_resource_comes_after_its_parent_in_one_order(run):
    def program():
        Store("store", ResourceOptions(parent=Store("outer")))
        topic()

    assert [resource.name for resource in run(program).resources] == [
        "shop-test",
        "orders",
        "outer",
        "outer-objects",
        "store",
        "store-objects",
    ]


def test_resources_made_in_apply_are_waited_for(run):
    def program():
        topic("first").arn.apply(lambda _: topic("second").arn.apply(lambda _: topic("third")))

    assert [r.name for r in run(program).by_type("aws:sns/topic:Topic")] == [
        "first",
        "second",
        "third",
    ]


def test_progress_is_told_of_each_resource(run):
    told = []
    run(topic, progress=lambda count, urn: told.append((count, urn)))

    assert told == [(1, STACK), (2, "urn:pulumi:test::shop::aws:sns/topic:Topic::orders")]


def test_an_error_in_the_program_is_raised_as_it_is(run):
    def program():
        topic()
        raise pulumi.RunError("no such plan")

    with pytest.raises(pulumi.RunError, match="no such plan"):
        run(program)


def test_an_error_in_apply_is_raised_even_if_nothing_uses_its_result(run):
    with pytest.raises(ZeroDivisionError):
        run(lambda: topic().arn.apply(lambda _: 1 / 0))


def test_an_error_of_the_program_is_told_before_what_follows_from_it(run):
    def program():
        topic().arn.apply(lambda _: 1 / 0)
        raise KeyError("first")

    with pytest.raises(KeyError, match="first"):
        run(program)


def test_a_file_runs_in_its_own_folder_with_its_config_and_exports(run):
    graph = run(PROGRAMS / "exporting.py", config={"shop:colour": "blue"})

    assert graph.outputs == {
        "arn": "arn:aws:s3:::uploads-of-the-shop",
        "colour": "blue",
        "folder": "programs",
        "runs": ["test"],
    }


def surroundings():
    return (
        Path.cwd(),
        list(sys.path),
        "remembered" in sys.modules,
        pulumi.get_stack(),
        pulumi.runtime.get_root_resource(),
        pulumi.Config("shop").get("colour"),
        pulumi.runtime.resource._get_stack_trace,
    )


def test_a_second_run_knows_nothing_of_the_first(run):
    before = surroundings()
    run(PROGRAMS / "exporting.py", config={"shop:colour": "blue"}, stack="first")
    graph = run(PROGRAMS / "exporting.py", config={})

    assert (graph.outputs["runs"], "colour" in graph.outputs) == (["test"], False)
    assert {urn.split("::")[0] for urn in (r.urn for r in graph.resources)} == {"urn:pulumi:test"}
    assert surroundings() == before


def test_a_run_after_a_failed_one_is_whole(run):
    def failing():
        topic().arn.apply(lambda _: 1 / 0)
        topic()

    with pytest.raises(EngineError):
        run(failing)
    assert [r.name for r in run(topic).resources] == ["shop-test", "orders"]


def test_nothing_of_a_run_is_left_on_the_event_loop(run):
    loops = []

    def program():
        loops.append(asyncio.get_event_loop())
        topic().arn.apply(lambda _: None)

    run(program)
    assert loops[0].is_closed()


def test_the_same_program_gives_the_same_record(run):
    def program():
        store = Store("store")
        for n in range(5):
            aws.s3.BucketPolicy(f"policy-{n}", bucket=store.bucket.bucket, policy="{}")

    assert run(program).to_json() == run(program).to_json()


def test_no_trace_of_the_stack_is_taken_whatever_the_sdk_calls_that(run, monkeypatch):
    taken, extract = [], traceback.extract_stack
    monkeypatch.setattr(traceback, "extract_stack", lambda: taken.append("trace") or extract())

    def program():
        Store("store")
        aws.s3.Bucket.get("theirs", "somebody-s-bucket")

    run(program)
    assert taken == []


@pytest.mark.parametrize("switch", [gc.disable, gc.enable])
def test_the_collector_is_left_as_it_was(run, switch):
    switch()
    before = gc.isenabled()
    run(topic)
    after = gc.isenabled()
    gc.enable()

    assert after == before
