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
        return {"names": zones.names, "ids": zones.zone_ids}

    assert exported(run, program) == {
        "ids": ["use1-az1", "use1-az2", "use1-az3"],
        "names": ["us-east-1a", "us-east-1b", "us-east-1c"],
    }


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
