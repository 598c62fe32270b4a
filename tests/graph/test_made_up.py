"""What of a record is made up: found in the record, held to what a first preview cannot tell."""

import json

import pulumi
import pulumi_aws as aws
import pytest

from graph.made_up import Marks, exports
from graph.model import UNKNOWN, Resource
from tests.stacks import STACKS, built

TRUE_OF_ANY = {
    ("cloudfront.Distribution", "hostedZoneId"),
    ("cognito.UserPoolDomain", "cloudfrontDistributionZoneId"),
    ("lambda.Function", "version"),
    ("rds.Instance", "hostedZoneId"),
    ("rds.Instance", "masterUserSecrets"),
    ("s3.Bucket", "hostedZoneId"),
    ("scheduler.Schedule", "groupName"),
}
"""What AWS computes and anybody can tell: zones of its own, a first version, a default."""


@pytest.mark.parametrize("stack", STACKS)
def test_an_export_is_made_up_that_a_first_preview_does_not_know(stack):
    first = built(stack, unknown=True)
    unknown = [f"outputs.{name}" for name, value in first.outputs.items() if value is UNKNOWN]

    assert exports(built(stack)) == sorted(unknown)
    assert "outputs.url" in unknown
    assert exports(first) == []


def texts(value):
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


def computed(resource: Resource):
    told = {"region", "tagsAll"} | resource.inputs.keys()
    given = json.dumps(resource.inputs)
    for name, value in {**resource.outputs, "id": resource.id}.items():
        if name not in told:
            yield from ((name, text) for text in texts(value) if text not in given)


@pytest.mark.parametrize("stack", STACKS)
def test_all_that_the_engine_makes_up_is_known_by_its_looks(stack):
    graph = built(stack)
    marks = Marks(graph)
    escaped = {
        (resource.short_type, name)
        for resource in graph.resources
        if resource.custom
        for name, text in computed(resource)
        if not marks.on(text)
    }

    assert escaped <= TRUE_OF_ANY


def test_paths_lead_into_exports_and_what_the_program_gave_is_on_none(run):
    def program():
        topic = aws.sns.Topic("orders", name="orders")
        zone = aws.route53.Zone("shop", name="shop.example")
        pulumi.export("topic", {"name": topic.name, "arn": topic.arn})
        pulumi.export("name servers", zone.name_servers)
        pulumi.export("replicas", 2)

    assert exports(run(program)) == [
        'outputs["name servers"][0]',
        'outputs["name servers"][1]',
        'outputs["name servers"][2]',
        'outputs["name servers"][3]',
        "outputs.topic.arn",
    ]
