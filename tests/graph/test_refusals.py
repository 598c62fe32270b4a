"""What no engine would deploy, and what this one cannot know, stops the run."""

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import ResourceOptions
from pulumi.runtime.proto.resource_pb2 import RegisterResourceRequest

from graph.engine import EngineError
from graph.monitor import Monitor
from tests.graph.shop import Store, topic


def test_two_resources_of_one_urn_are_refused(run):
    with pytest.raises(EngineError, match=r"two resources have the URN .*Topic::orders"):
        run(lambda: (topic(), topic()))


def test_an_unknown_parent_is_refused():
    monitor = Monitor(project="shop", stack="test", region="r", unknown=False, progress=None)
    request = RegisterResourceRequest(type="a:b:C", name="orders", parent="urn:pulumi:a::b::c::d")
    with pytest.raises(EngineError, match=r"orders .* unknown parent: urn:pulumi:a::b::c::d"):
        monitor.RegisterResource(request)


def test_a_resource_that_only_another_stack_has_is_refused(run):
    with pytest.raises(EngineError, match="urn:pulumi:a::b::c::d is not a resource of this stack"):
        run(lambda: Store("store", ResourceOptions(urn="urn:pulumi:a::b::c::d")))


def test_an_unregistered_provider_is_refused(run):
    reference = "urn:pulumi:a::b::pulumi:providers:aws::main::id"
    stranger = pulumi.resource.DependencyProviderResource
    with pytest.raises(EngineError, match=f"orders .* unregistered provider: {reference}"):
        run(lambda: topic(provider=stranger(reference)))


def test_a_dependency_on_what_is_not_there_is_refused(run):
    stranger = pulumi.resource.DependencyResource
    with pytest.raises(EngineError, match="depends on an unregistered resource: urn:x"):
        run(lambda: topic(depends_on=[stranger("urn:x")]))


def test_outputs_registered_twice_are_refused(run):
    with pytest.raises(EngineError, match=r"outputs registered twice for .*Store::store"):
        run(lambda: Store("store").register_outputs({}))


def test_an_invoke_without_a_recorded_answer_is_refused_with_the_way_out(run):
    with pytest.raises(EngineError) as refusal:
        run(lambda: aws.rds.get_instance(db_instance_identifier="db"))

    assert str(refusal.value) == (
        "no answer is recorded for aws:rds/getInstance:getInstance"
        '({"dbInstanceIdentifier": "db"}): add one to graph/answers.py'
    )


def test_a_refusal_is_told_even_if_the_program_hides_it(run):
    def program():
        try:
            aws.rds.get_instance(db_instance_identifier="db")
        except EngineError as refusal:
            raise KeyError("lost") from refusal

    with pytest.raises(EngineError, match="no answer is recorded"):
        run(program)


@pytest.mark.slow
@pytest.mark.parametrize("scope", ["resource", "stack"])
def test_transforms_are_refused_rather_than_left_out(run, scope):
    def program():
        if scope == "stack":
            pulumi.runtime.register_resource_transform(lambda _: None)
        topic(transforms=[lambda _: None])

    with pytest.raises(EngineError, match="has transforms, which only a real engine runs"):
        run(program)
