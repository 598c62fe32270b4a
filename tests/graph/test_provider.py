"""What the offline provider computes for a resource."""

import pulumi
import pulumi_aws as aws
import pulumi_random as random
import pytest

from graph.model import UNKNOWN

LAMBDA = "arn:aws:lambda:eu-west-1:123456789012:function"
INVOKE = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions"


def outputs(run, program, name, *keys):
    found = run(program).resource(name)
    return {key: found.outputs[key] for key in keys} | {"id": found.id}


def test_a_bucket_is_named_after_its_resource_and_a_digest(run):
    keys = ("bucket", "arn", "bucketRegionalDomainName")
    assert outputs(run, lambda: aws.s3.Bucket("uploads"), "uploads", *keys) == {
        "id": "uploads-7a03f60",
        "bucket": "uploads-7a03f60",
        "arn": "arn:aws:s3:::uploads-7a03f60",
        "bucketRegionalDomainName": "uploads-7a03f60.s3.eu-west-1.amazonaws.com",
    }


def test_a_name_given_is_kept_and_not_added_to_the_inputs_otherwise(run):
    def program():
        aws.iam.Role("a", assume_role_policy="{}", name="chosen")
        aws.sns.Topic("b")

    graph = run(program)
    assert graph.resource("a").outputs["arn"] == "arn:aws:iam::123456789012:role/chosen"
    assert graph.resource("b").inputs == {}


def test_a_name_prefix_is_used(run):
    graph = run(lambda: aws.sns.Topic("orders", name_prefix="shop-"))

    assert graph.resource("orders").outputs["name"].startswith("shop-")


def test_a_published_function_and_its_alias_have_their_arns(run):
    def program():
        function = aws.lambda_.Function("f", role="r", name="orders", publish=True)
        aws.lambda_.Alias("live", function_name=function.arn, function_version="1", name="live")

    keys = ("arn", "qualifiedArn", "version")
    assert outputs(run, program, "f", *keys) == {
        "id": "orders",
        "arn": f"{LAMBDA}:orders",
        "qualifiedArn": f"{LAMBDA}:orders:1",
        "version": "1",
    }
    assert outputs(run, program, "live", "invokeArn") == {
        "id": f"{LAMBDA}:orders:live",
        "invokeArn": f"{INVOKE}/{LAMBDA}:orders:live/invocations",
    }


@pytest.mark.parametrize(
    ("protocol", "stage", "url"),
    [
        ("HTTP", "$default", "https://{}.execute-api.eu-west-1.amazonaws.com/"),
        ("HTTP", "v1", "https://{}.execute-api.eu-west-1.amazonaws.com/v1"),
        ("WEBSOCKET", "live", "wss://{}.execute-api.eu-west-1.amazonaws.com/live"),
    ],
)
def test_a_stage_is_called_by_the_protocol_of_its_api(run, protocol, stage, url):
    def program():
        api = aws.apigatewayv2.Api("api", protocol_type=protocol)
        aws.apigatewayv2.Stage("stage", api_id=api.id, name=stage)

    graph = run(program)
    assert graph.resource("stage").outputs["invokeUrl"] == url.format(graph.resource("api").id)


def test_a_database_has_its_endpoint_and_port(run):
    keys = ("address", "endpoint", "port", "masterUserSecrets")
    address = "orders.c5d46d1df8446.eu-west-1.rds.amazonaws.com"

    def program():
        aws.rds.Instance("db", instance_class="db.t4g.micro", identifier="orders", port=5433)

    assert outputs(run, program, "db", *keys) == {
        "id": "db-5D46D1DF8446D672703F64FC8B",
        "address": address,
        "endpoint": f"{address}:5433",
        "port": 5433,
        "masterUserSecrets": [],
    }


def test_rds_makes_the_master_secret_it_is_asked_for(run):
    def program():
        db = aws.rds.Instance("db", instance_class="c", manage_master_user_password=True)
        pulumi.export("secret", db.master_user_secrets[0].secret_arn)

    assert (
        run(program)
        .outputs["secret"]
        .startswith("arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-")
    )


def test_each_name_of_a_certificate_has_a_record_to_validate_it(run):
    def program():
        certificate = aws.acm.Certificate(
            "c", domain_name="a.example", subject_alternative_names=["*.a.example"]
        )
        options = certificate.domain_validation_options
        pulumi.export("domains", options.apply(lambda found: [o.domain_name for o in found]))
        pulumi.export("record", options[1].resource_record_name)

    exports = run(program).outputs
    assert exports["domains"] == ["a.example", "*.a.example"]
    assert exports["record"].endswith(".a.example.")


def test_what_is_given_in_part_is_completed(run):
    def program(export="domain"):
        domain = aws.apigatewayv2.DomainName(
            "d",
            domain_name="ws.example",
            domain_name_configuration={
                "certificate_arn": "arn",
                "endpoint_type": "REGIONAL",
                "security_policy": "TLS_1_2",
            },
        )
        pulumi.export(export, domain.domain_name_configuration.hosted_zone_id)

    assert run(program).outputs == {"domain": "Z1UJRXOUMOOFQ8"}
    assert run(program, unknown=True).outputs == {"domain": UNKNOWN}


def test_a_firewall_of_cloudfront_is_global(run):
    def program():
        aws.wafv2.IpSet("a", scope="CLOUDFRONT", ip_address_version="IPV4", region="us-east-1")
        aws.wafv2.IpSet("b", scope="REGIONAL", ip_address_version="IPV4")

    graph = run(program)
    starts = [graph.resource(name).outputs["arn"].split("/ipset/")[0] for name in "ab"]
    assert starts == [
        "arn:aws:wafv2:us-east-1:123456789012:global",
        "arn:aws:wafv2:eu-west-1:123456789012:regional",
    ]


@pytest.mark.parametrize("unknown", [False, True])
def test_default_tags_lie_under_a_resources_own(run, unknown):
    def program():
        tags = {"tags": {"project": "shop", "owner": "all"}}
        main = aws.Provider("main", region="eu-west-1", default_tags=tags)
        aws.sns.Topic("orders", tags={"owner": "sales"}, opts=pulumi.ResourceOptions(provider=main))
        aws.sns.Topic("other", tags={"owner": "sales"})

    graph = run(program, unknown=unknown)
    assert graph.resource("orders").outputs["tagsAll"] == {"project": "shop", "owner": "sales"}
    assert graph.resource("other").outputs["tagsAll"] == {"owner": "sales"}


def test_a_secret_tag_is_secret_among_all_tags(run):
    graph = run(lambda: aws.sns.Topic("orders", tags={"key": pulumi.Output.secret("k-1")}))

    assert "outputs.tagsAll" in graph.resource("orders").secrets


def test_random_values_are_as_long_as_asked_and_stay_the_same(run):
    def program():
        random.RandomPassword("password", length=50)
        random.RandomId("id", byte_length=4)

    first, second = run(program), run(program)
    assert len(first.resource("password").outputs["result"]) == 50
    assert len(first.resource("id").outputs["hex"]) == 8
    assert first == second


def test_what_no_row_speaks_of_shows_where_it_came_from(run):
    def program():
        distribution = aws.cloudfront.KeyValueStore("store")
        pulumi.export("etag", distribution.etag)
        pulumi.export("comment", distribution.comment)

    assert run(program).outputs == {"etag": "store-etag"}


def test_a_type_without_a_class_has_its_inputs_for_outputs(run):
    def program():
        pulumi.CustomResource("acme:index:Thing", "thing", {"size": 3})

    assert outputs(run, program, "thing", "size") == {"id": "thing-id", "size": 3}
