"""What Pulumi's engine makes of two records: pkg/resource/deploy/step_generator.go says it."""

import json
from dataclasses import replace

import pytest

from graph.access.who import Kind
from graph.changes.compare import compare
from graph.changes.model import ABSENT
from graph.changes.provider import table, verdict
from graph.model import UNKNOWN, Graph, Resource
from tests.policies.cases import beside, both, changed, found, without
from tests.stacks import built

STACKS = ("dev", "staging", "prod", "enterprise")
DATABASE = "rds.Instance database"


def edited(graph: Graph, label: str, **changes) -> Graph:
    old = found(graph, label)
    resources = (replace(r, **changes) if r is old else r for r in graph.resources)
    return Graph(graph.project, graph.stack, tuple(resources))


def kinds(before: Graph, after: Graph) -> dict[str, tuple[str, ...]]:
    return {change.resource.label: change.kinds for change in compare(before, after)}


def of(before: Graph, after: Graph, label: str):
    (change,) = [c for c in compare(before, after) if c.resource.label == label]
    return change


@pytest.mark.parametrize("stack", STACKS)
def test_the_same_program_changes_nothing_whatever_is_known_of_it(stack):
    known, unknown = built(stack), built(stack, unknown=True)

    assert compare(known, known) == []
    assert compare(unknown, unknown) == []
    assert compare(known, unknown) == []
    assert compare(unknown, known) == []


def test_a_first_deployment_creates_everything():
    graph = built("dev")

    assert {change.kinds for change in compare(None, graph)} == {("create",)}
    assert len(compare(None, graph)) == len(graph.resources)


def test_what_is_no_more_is_deleted_and_what_is_new_created():
    graph = built("dev")
    label = "sns.Topic topics-security"

    assert kinds(graph, without(label)(graph)) == {label: ("delete",)}
    assert kinds(without(label)(graph), graph) == {label: ("create",)}


def test_a_store_that_goes_takes_its_data_along():
    graph = built("dev")
    change = of(graph, without("s3.Bucket data")(graph), "s3.Bucket data")

    assert change.kinds == ("loses", "delete")
    assert change.why == ("its objects are gone: it is deleted",)


def test_what_is_protected_is_not_deleted_though_the_program_no_longer_says_so():
    """The state says it is: https://www.pulumi.com/docs/iac/concepts/resources/options/protect/"""
    change = of(built("prod"), without(DATABASE)(built("prod")), DATABASE)

    assert change.kinds == ("loses", "refused", "delete")
    assert "it is protected, so Pulumi refuses: it would be deleted" in change.why


def test_a_replacement_is_refused_only_while_both_say_protect():
    graph = built("prod")
    label = "secretsmanager.Secret secrets-api-key"
    renamed = changed(label, "name", "other")(graph)

    assert of(graph, renamed, label).kinds == ("loses", "refused", "replace")
    assert of(graph, edited(renamed, label, protect=False), label).kinds == ("loses", "replace")


def test_what_is_retained_leaves_the_stack_and_stays():
    before = edited(built("dev"), "s3.Bucket data", retain_on_delete=True)
    change = of(before, without("s3.Bucket data")(before), "s3.Bucket data")

    assert change.kinds == ("delete",)
    assert change.why == ("it leaves the stack and stays in AWS: retainOnDelete",)


def test_a_renamed_resource_with_an_alias_stays_and_without_one_is_another():
    graph = built("dev")
    old = found(graph, "sns.Topic topics-outage")
    urn = old.urn.replace("topics-outage", "topics-down")
    renamed = edited(graph, old.label, name="topics-down", urn=urn)

    assert kinds(graph, edited(renamed, "sns.Topic topics-down", aliases=(old.urn,))) == {}
    assert kinds(graph, renamed)["sns.Topic topics-outage"] == ("delete",)
    assert kinds(graph, renamed)["sns.Topic topics-down"] == ("create",)


def test_what_is_in_ignore_changes_stays():
    graph = built("dev")
    label = "dynamodb.Table tables-limits"
    after = changed(label, "hashKey", "other")(graph)

    assert label in kinds(graph, after)
    assert kinds(graph, edited(after, label, ignore_changes=("hashKey",))) == {}


def test_what_names_no_region_is_in_its_providers():
    """Where that is another it is made anew, and who names the one that it has changes nothing:
    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/provider/sdkv2/region.go
    """
    graph, label = built("dev"), "dynamodb.Table tables-api-keys"
    elsewhere = {**found(graph, label).outputs, "region": "eu-west-1"}
    moved = of(graph, edited(graph, label, outputs=elsewhere), label)

    assert "region" not in found(graph, label).inputs
    assert "replace" in moved.kinds
    assert [(p.path, p.old, p.new, p.verdict) for p in moved.properties] == [
        ("region", "us-east-1", "eu-west-1", "replaces")
    ]
    assert kinds(graph, changed(label, "region", "us-east-1")(graph)) == {}
    assert kinds(graph, changed(label, "region", "eu-west-1")(graph))[label] == moved.kinds


def test_a_reference_to_another_resource_is_seen_by_name():
    graph = built("dev")
    label = "sns.TopicSubscription topics-outage"
    other = found(graph, "sns.Topic topics-security")
    old = found(graph, label)
    after = edited(
        graph,
        label,
        inputs={**old.inputs, "topic": other.outputs["arn"]},
        property_dependencies={**old.property_dependencies, "topic": (other.urn,)},
    )

    (each,) = of(graph, after, label).properties
    assert (each.path, each.old, each.new) == (
        "topic",
        "<sns.Topic topics-outage.arn>",
        "<sns.Topic topics-security.arn>",
    )


def test_what_aws_drew_anew_for_the_same_resource_is_no_change():
    """As between a record and what is deployed: no id is the same in both."""
    graph = built("dev")
    topic = found(graph, "sns.Topic topics-outage")
    arn = "arn:aws:sns:us-east-1:999999999999:topics-outage-real"

    def real(value):
        if isinstance(value, dict):
            return {key: real(item) for key, item in value.items()}
        if isinstance(value, list):
            return [real(item) for item in value]
        if isinstance(value, str):
            return value.replace(topic.outputs["arn"], arn)
        return value

    deployed = Graph(
        graph.project,
        graph.stack,
        tuple(
            replace(r, inputs=real(r.inputs), outputs=real(r.outputs), id=real(r.id))
            for r in graph.resources
        ),
    )
    assert compare(deployed, graph) == []


def test_what_the_provider_filled_in_itself_is_no_change():
    graph = built("dev")
    bucket = found(graph, "s3.Bucket data")
    filled = {**bucket.inputs, "bucket": "data-0a1b2c3", "__defaults": ["bucket"], "tagsAll": {}}

    assert compare(edited(graph, bucket.label, inputs=filled), graph) == []


def test_secrets_are_compared_and_never_shown():
    graph = built("prod")
    label = "cloudfront.Distribution cdn"
    origins = json.loads(json.dumps(found(graph, label).inputs["origins"]))
    origins[1]["customHeaders"][0]["value"] = "another secret value"
    after = edited(graph, label, inputs={**found(graph, label).inputs, "origins": origins})
    (first, *_) = of(graph, after, label).properties

    assert (first.old, first.new) == ("[secret]", "[another secret]")
    assert "another secret value" not in str(of(graph, after, label).to_json())


def test_what_a_deployed_state_hides_whole_is_no_change_if_it_is_from_the_same_resources():
    """The engine keeps a property with a secret in it as one secret."""
    graph = built("prod")
    label = "cloudfront.Distribution cdn"
    distribution = found(graph, label)
    hidden = edited(
        graph,
        label,
        inputs={**distribution.inputs, "origins": UNKNOWN},
        secrets=("inputs.origins",),
    )
    elsewhere = edited(
        hidden, label, property_dependencies={**distribution.property_dependencies, "origins": ()}
    )

    assert compare(hidden, graph) == []
    assert [each.path for each in of(elsewhere, graph, label).properties] == ["origins"]


def test_a_provider_that_the_engine_makes_itself_is_no_change():
    graph = built("dev")
    default = beside("pulumi:providers:random", "default_4_21_4")(graph)

    assert compare(default, graph) == []


def test_a_replacement_spreads_to_what_has_an_id_from_it_and_no_further():
    graph = built("prod")
    after = kinds(graph, changed("ec2.Vpc network", "cidrBlock", "10.99.0.0/16")(graph))

    assert after["ec2.Vpc network"] == ("replace",)
    # vpcId: "Forces new resource" in the provider's documentation of each.
    for label in (
        "ec2.Subnet network-isolated-10.30.0.0-18",
        "ec2.SecurityGroup database",
        "ec2.RouteTable network-isolated",
    ):
        assert "replace" in after[label], label
    # Subnets of a group and of a function are changed in place.
    assert "replace" not in after["rds.SubnetGroup database"]
    assert "replace" not in after["lambda.Function simcore"]
    assert "replace" not in after.get(DATABASE, ())


def test_why_it_spreads_is_said():
    graph = built("prod")
    after = changed("ec2.Vpc network", "cidrBlock", "10.99.0.0/16")(graph)

    assert "its vpcId comes from ec2.Vpc network, which is replaced" in (
        of(graph, after, "ec2.Subnet network-isolated-10.30.0.0-18").why
    )


def test_what_the_program_gives_a_replaced_resource_stays_and_what_aws_draws_does_not():
    """A preview knows the first: the provider says what it was given."""

    def stack(log_class):
        given = {"name": "/fixed/name", "logGroupClass": log_class}
        arn = "arn:aws:logs:us-east-1:123456789012:log-group:/fixed/name"
        group = Resource(
            urn="urn:group",
            type="aws:cloudwatch/logGroup:LogGroup",
            name="g",
            custom=True,
            id="/fixed/name",
            inputs=given,
            outputs={**given, "arn": arn},
        )

        def filtering(name, path, value):
            return Resource(
                urn=f"urn:{name}",
                type="aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
                name=name,
                custom=True,
                id=name,
                inputs={path: value},
                property_dependencies={path: ("urn:group",)},
            )

        by_name, by_arn = (
            filtering("by-name", "logGroup", "/fixed/name"),
            filtering("by-arn", "destinationArn", arn),
        )
        return Graph("ma-platform", "dev", (group, by_name, by_arn))

    assert kinds(stack("STANDARD"), stack("DELIVERY")) == {
        "cloudwatch.LogGroup g": ("interrupts", "replace"),
        "cloudwatch.LogSubscriptionFilter by-arn": ("replace",),
    }


def test_documents_are_compared_by_what_they_say():
    graph = built("dev")
    label = "iam.RolePolicy simcore"
    text = found(graph, label).inputs["policy"]

    assert kinds(graph, changed(label, "policy", text.replace('": ', '"  :  '))(graph)) == {}


def test_the_order_of_plain_values_says_nothing():
    graph = built("prod")
    label = "rds.SubnetGroup database"
    turned = list(reversed(found(graph, label).inputs["subnetIds"]))

    assert kinds(graph, changed(label, "subnetIds", turned)(graph)) == {}


def test_the_gravest_change_comes_first():
    graph = built("dev")
    after = both(
        changed("lambda.Function simcore", "memorySize", 2048),
        changed(DATABASE, "instanceClass", "db.m7g.large"),
        without("s3.Bucket data"),
    )(graph)

    assert [change.resource.label for change in compare(graph, after)] == [
        "s3.Bucket data",
        DATABASE,
        "lambda.Function simcore",
    ]


@pytest.mark.parametrize("stack", STACKS)
def test_the_provider_was_asked_about_every_property_that_is_used(stack):
    unasked = {
        f"{resource.type} {key}"
        for resource in built(stack).resources
        if resource.type.startswith("aws:")
        for key in resource.inputs
        if verdict(resource.type, key, "one", "another").verdict == "unknown"
    }

    assert unasked == set()


def test_a_property_that_nobody_asked_about_could_not_be_told():
    assert verdict("aws:sqs/queue:Queue", "nothing", 1, 2).verdict == "unknown"
    assert verdict("aws:other/thing:Thing", "name", 1, 2).verdict == "unknown"


def test_a_property_taken_away_mostly_changes_nothing():
    """The provider keeps what AWS says: `Computed` in its schema."""
    instance = "aws:rds/instance:Instance"

    assert verdict(instance, "kmsKeyId", "one", "another").verdict == "replaces"
    assert verdict(instance, "kmsKeyId", "one", ABSENT).verdict == "ignored"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [("sg-1", "sg-2", "updates"), ("sg-1", ABSENT, "replaces"), (ABSENT, "sg-2", "replaces")],
)
def test_a_group_rule_changes_in_place_from_group_to_group(old, new, expected):
    kind = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"

    assert verdict(kind, "referencedSecurityGroupId", old, new).verdict == expected


def test_the_table_has_a_source_for_what_is_from_no_plan():
    assert all(reason for rows in table().values() for reason in rows.get("judged", {}).values())
    assert UNKNOWN not in table()


def test_a_resource_is_shown_as_json_that_says_what_decides():
    graph = built("dev")
    change = of(graph, changed(DATABASE, "username", "other")(graph), DATABASE).to_json()

    assert change == {
        "urn": found(graph, DATABASE).urn,
        "type": "aws:rds/instance:Instance",
        "name": "database",
        "kinds": ["loses", "replace"],
        "properties": [
            {"path": "username", "old": "platform_admin", "new": "other", "verdict": "replaces"}
        ],
        "why": ["username cannot be changed in place", "its databases are gone: it is replaced"],
        "source": [],
    }
    assert isinstance(found(graph, DATABASE), Resource)


def test_a_change_that_lets_somebody_in_says_whom_after_what_is_lost():
    graph = built("prod")
    label = "cloudfront.Distribution cdn"
    change = of(graph, changed(label, "webAclId", None)(graph), label)

    assert change.kinds == ("widens", "interrupts", "update")
    assert change.why[-1].startswith("now also: anyone may come past no firewall to")
    assert [(each.who.kind, each.decide) for each in change.widens] == [(Kind.EVERYBODY, True)]


def test_what_kept_somebody_out_and_is_deleted_under_an_old_name_says_so_too():
    """Renamed by an alias and weakened at once: the guard is under the URN that it had."""
    graph = built("prod")
    label = "s3.BucketPublicAccessBlock data"
    old = found(graph, label)
    urn = f"{old.urn}-block"
    after = edited(
        graph,
        label,
        name="data-block",
        urn=urn,
        aliases=(old.urn,),
        inputs={**old.inputs, "ignorePublicAcls": False},
    )
    change = of(graph, after, "s3.BucketPublicAccessBlock data-block")

    assert change.kinds == ("widens", "update")
    assert change.why[-1].startswith("now also: anyone may be let in by lists (ignorePublicAcls)")


def test_what_is_in_ignore_changes_lets_nobody_in():
    graph = built("prod")
    label = "apigatewayv2.Api http"
    after = changed(label, "corsConfiguration.allowOrigins", ["*"])(graph)

    assert of(graph, after, label).kinds == ("widens", "update")
    assert kinds(graph, edited(after, label, ignore_changes=("corsConfiguration",))) == {}
