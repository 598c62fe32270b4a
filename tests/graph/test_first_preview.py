"""A run before anything exists: what AWS computes is unknown, and nothing else is."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from graph.model import UNKNOWN
from tests.graph.shop import Store


def test_a_first_preview_knows_inputs_and_nothing_that_aws_computes(run):
    def program():
        store = Store("store")
        aws.s3.Bucket("named", bucket="chosen")
        aws.s3.BucketPolicy("policy", bucket=store.bucket.bucket, policy="{}")
        pulumi.export("arn", store.bucket.arn)

    graph = run(program, unknown=True)
    objects, named = graph.resource("store-objects"), graph.resource("named")
    assert (objects.id, objects.outputs["bucket"], objects.outputs["arn"]) == (UNKNOWN,) * 3
    assert (named.id, named.outputs["bucket"], named.outputs["arn"]) == (UNKNOWN, "chosen", UNKNOWN)
    assert graph.resource("policy").inputs == {"bucket": UNKNOWN, "policy": "{}"}
    assert graph.resource("store").outputs == {"arn": UNKNOWN}
    assert graph.outputs == {"arn": UNKNOWN}


def test_a_first_preview_does_not_apply_what_it_does_not_know(run):
    seen = []

    def program():
        named = aws.s3.Bucket("named", bucket="chosen")
        named.bucket.apply(seen.append)
        named.arn.apply(seen.append)

    run(program, unknown=True)
    assert seen == ["chosen"]


def test_a_first_preview_keeps_an_unknown_secret_secret(run):
    def program():
        pulumi.export("password", random.RandomPassword("password", length=8).result)

    root = run(program, unknown=True).root
    assert (root.outputs, root.secrets) == ({"password": UNKNOWN}, ("outputs.password",))


def test_a_first_preview_answers_invokes_with_known_arguments_only(run):
    def program():
        pulumi.export("known", aws.get_availability_zones_output(state="available").names[0])
        name = aws.s3.Bucket("b").bucket
        pulumi.export("unknown", aws.cloudfront.get_cache_policy_output(name=name).id)

    assert run(program, unknown=True).outputs == {"known": "eu-west-1a", "unknown": UNKNOWN}


def test_a_program_is_told_whether_it_is_a_preview(run):
    def program():
        pulumi.export("dry", pulumi.runtime.is_dry_run())

    assert [run(program, unknown=unknown).outputs["dry"] for unknown in (True, False)] == [
        True,
        False,
    ]
