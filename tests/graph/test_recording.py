"""What is recorded of a resource, as the real engine would be told it."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest
from pulumi import Alias, ResourceOptions

from tests.graph.shop import BUCKET, STACK, STORE, Store, topic


def recorded(run, program, name="orders"):
    return run(program).resource(name)


def test_a_resource_has_the_urn_type_and_inputs_pulumi_gives_it(run):
    found = recorded(run, lambda: aws.sns.Topic("orders", display_name="Orders"))

    assert found.urn == "urn:pulumi:test::shop::aws:sns/topic:Topic::orders"
    assert (found.type, found.custom, found.parent) == ("aws:sns/topic:Topic", True, STACK)
    assert found.inputs == {"displayName": "Orders"}


def test_the_urn_of_a_nested_resource_lists_the_types_of_all_its_parents(run):
    def program():
        outer = Store("outer")
        inner = Store("inner", ResourceOptions(parent=outer))
        aws.s3.BucketPolicy(
            "deep", bucket="b", policy="{}", opts=ResourceOptions(parent=inner.bucket)
        )

    assert recorded(run, program, "deep").urn == (
        "urn:pulumi:test::shop::ma-platform:data:Store$ma-platform:data:Store"
        "$aws:s3/bucket:Bucket$aws:s3/bucketPolicy:BucketPolicy::deep"
    )


def test_a_component_keeps_its_outputs_and_its_children_know_it(run):
    graph = run(lambda: Store("store"))
    store, objects = graph.resource("store"), graph.resource("store-objects")

    assert (store.custom, store.id, store.parent) == (False, None, STACK)
    assert store.outputs == {"arn": "arn:aws:s3:::store-objects-3e79e14"}
    assert (objects.urn, objects.parent) == (f"{BUCKET}::store-objects", STORE)
    assert graph.children(store) == [objects]


def test_the_options_of_a_resource_are_recorded(run):
    found = recorded(
        run,
        lambda: topic(
            protect=True,
            retain_on_delete=True,
            delete_before_replace=True,
            ignore_changes=["displayName"],
            additional_secret_outputs=["owner"],
            import_="arn:aws:sns:eu-west-1:123456789012:orders",
        ),
    )

    assert (found.protect, found.retain_on_delete, found.delete_before_replace) == (True,) * 3
    assert found.ignore_changes == ("displayName",)
    assert found.additional_secret_outputs == ("owner",)
    assert found.import_id == found.id == "arn:aws:sns:eu-west-1:123456789012:orders"


def test_options_left_out_are_off(run):
    found = recorded(run, topic)

    assert (found.protect, found.retain_on_delete, found.delete_before_replace) == (False,) * 3
    assert (found.ignore_changes, found.aliases, found.dependencies) == ((), (), ())


def test_protection_and_retention_are_inherited_unless_said_otherwise(run):
    def program():
        store = Store("store", ResourceOptions(protect=True, retain_on_delete=True))
        topic(parent=store, protect=False, retain_on_delete=False)

    graph = run(program)
    objects, orders = graph.resource("store-objects"), graph.resource("orders")
    assert (objects.protect, objects.retain_on_delete) == (True, True)
    assert (orders.protect, orders.retain_on_delete) == (False, False)


def test_dependencies_are_recorded_as_a_whole_and_by_property(run):
    def program():
        store, other = Store("store"), topic("other")
        aws.s3.BucketPolicy(
            "policy",
            bucket=store.bucket.bucket,
            policy="{}",
            opts=ResourceOptions(depends_on=[other]),
        )

    found = recorded(run, program, "policy")
    assert found.property_dependencies == {"bucket": (f"{BUCKET}::store-objects",)}
    assert found.dependencies == (
        "urn:pulumi:test::shop::aws:sns/topic:Topic::other",
        f"{BUCKET}::store-objects",
    )


def test_a_component_hands_its_provider_to_its_children(run):
    def program():
        main = aws.Provider("main", region="us-west-2")
        Store("store", ResourceOptions(provider=main))

    graph = run(program)
    reference = "urn:pulumi:test::shop::pulumi:providers:aws::main::main-id"
    assert graph.resource("store-objects").provider == reference
    assert graph.resource("store-objects").outputs["region"] == "us-west-2"
    assert graph.resource("store").provider is None


def test_secrets_are_marked_by_their_path_however_deep(run):
    def program():
        key = pulumi.Output.secret("k-1")
        aws.ssm.Parameter("key", type="String", value=key)
        aws.lambda_.Function("f", role="r", environment={"variables": {"KEY": key, "A": "b"}})

    graph = run(program)
    key, function = graph.resource("key"), graph.resource("f")
    assert (key.inputs["value"], key.secrets[0]) == ("k-1", "inputs.value")
    assert function.inputs["environment"] == {"variables": {"A": "b", "KEY": "k-1"}}
    assert function.secrets == (
        "inputs.environment.variables.KEY",
        "outputs.environment.variables.KEY",
    )


def test_an_output_the_provider_calls_secret_is_one_wherever_it_goes(run):
    def program():
        password = random.RandomPassword("password", length=8)
        aws.ssm.Parameter("copy", type="String", value=password.result)
        pulumi.export("password", password.result)

    graph = run(program)
    assert graph.resource("password").secrets == ("outputs.bcryptHash", "outputs.result")
    assert "inputs.value" in graph.resource("copy").secrets
    assert graph.root.secrets == ("outputs.password",)


def test_archives_and_assets_are_kept_by_their_path(run):
    def program():
        archive = pulumi.AssetArchive({"a.py": pulumi.StringAsset("pass")})
        aws.lambda_.Function("zip", role="r", code=pulumi.FileArchive("build/f.zip"))
        aws.lambda_.Function("inline", role="r", code=archive)

    graph = run(program)
    assert graph.resource("zip").inputs["code"] == {"path": "build/f.zip"}
    assert graph.resource("inline").inputs["code"] == {"assets": {"a.py": {"text": "pass"}}}


def test_a_renamed_component_gives_its_children_the_names_they_had(run):
    found = recorded(
        run, lambda: Store("store", ResourceOptions(aliases=[Alias(name="shop")])), "store-objects"
    )

    assert f"{BUCKET}::shop-objects" in found.aliases


@pytest.mark.parametrize(
    ("alias", "urn"),
    [
        (Alias(name="old"), "urn:pulumi:test::shop::aws:sns/topic:Topic::old"),
        (Alias(type_="aws:sns:Old"), "urn:pulumi:test::shop::aws:sns:Old::orders"),
        (Alias(stack="was"), "urn:pulumi:was::shop::aws:sns/topic:Topic::orders"),
        (Alias(parent=STORE), STORE.replace("::store", "$aws:sns/topic:Topic::orders")),
        ("urn:pulumi:a::b::c::d", "urn:pulumi:a::b::c::d"),
    ],
)
def test_an_alias_is_resolved_to_the_urn_it_means(run, alias, urn):
    assert recorded(run, lambda: topic(aliases=[alias])).aliases == (urn,)


def test_a_resource_that_is_somebody_elses_is_recorded_as_read(run):
    found = recorded(run, lambda: aws.sns.Topic.get("orders", "arn:aws:sns:eu-west-1:1:orders"))

    assert (found.external, found.id) == (True, "arn:aws:sns:eu-west-1:1:orders")
