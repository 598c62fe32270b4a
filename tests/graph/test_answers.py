"""What the recorded answers say to a program."""

import pulumi
import pulumi_aws as aws
import pytest

from graph.engine import EngineError


def exported(run, program):
    return run(lambda: [pulumi.export(name, value) for name, value in program().items()]).outputs


def test_the_account_the_region_and_the_partition_are_those_of_the_run(run):
    def program():
        return {
            "account": aws.get_caller_identity().account_id,
            "region": aws.get_region().region,
            "partition": aws.get_partition().partition,
        }

    assert exported(run, program) == {
        "account": "123456789012",
        "partition": "aws",
        "region": "eu-west-1",
    }


def test_an_invoke_is_answered_for_the_region_of_its_provider(run):
    def program():
        main = aws.Provider("main", region="us-east-1")
        zones = aws.get_availability_zones_output(opts=pulumi.InvokeOptions(provider=main))
        return {"names": zones.names}

    assert exported(run, program) == {"names": [f"us-east-1{letter}" for letter in "abcdef"]}


def test_zones_that_are_not_asked_for_are_left_out(run):
    def program():
        zones = aws.get_availability_zones(
            region="us-west-2",
            exclude_names=["us-west-2a"],
            exclude_zone_ids=["usw2-az3"],
        )
        return {"names": zones.names, "ids": zones.zone_ids}

    assert exported(run, program) == {
        "ids": ["usw2-az2", "usw2-az4"],
        "names": ["us-west-2b", "us-west-2d"],
    }


@pytest.mark.parametrize(
    ("region", "first"),
    [
        ("us-east-2", "use2-az1"),
        ("us-gov-west-1", "usgw1-az1"),
        ("ap-southeast-2", "apse2-az1"),
        ("ap-northeast-2", "apne2-az1"),
        ("eu-central-1", "euc1-az1"),
        ("us-west-1", "usw1-az3"),
    ],
)
def test_a_zones_id_is_as_its_region_is_abbreviated(run, region, first):
    """https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html"""

    def program():
        return {"id": aws.get_availability_zones(region=region).zone_ids[0]}

    assert exported(run, program) == {"id": first}


def test_a_region_named_in_the_arguments_goes_before_the_providers(run):
    def program():
        return {"zone": aws.get_availability_zones(region="ap-southeast-2").names[0]}

    assert exported(run, program) == {"zone": "ap-southeast-2a"}


def test_the_policies_cloudfront_manages_are_found_by_name(run):
    def program():
        names = {"cache": "Managed-CachingDisabled", "headers": "Managed-SecurityHeadersPolicy"}
        return {
            "cache": aws.cloudfront.get_cache_policy(name=names["cache"]).id,
            "headers": aws.cloudfront.get_response_headers_policy(name=names["headers"]).id,
        }

    assert exported(run, program) == {
        "cache": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "headers": "67f7725c-6f97-4210-82d7-5512b31e9d03",
    }


def test_a_prefix_list_is_found_by_the_service_it_is_for(run):
    def program():
        return {"s3": aws.ec2.get_prefix_list(name="com.amazonaws.eu-west-1.s3").id}

    assert exported(run, program) == {"s3": "pl-63a5400a"}


@pytest.mark.parametrize(
    "ask",
    [
        lambda: aws.cloudfront.get_cache_policy(name="Our-Own"),
        lambda: aws.ec2.get_prefix_list(name="com.amazonaws.eu-west-1.sqs"),
    ],
)
def test_a_name_nothing_is_recorded_for_is_refused(run, ask):
    with pytest.raises(EngineError, match="no answer is recorded"):
        run(ask)
