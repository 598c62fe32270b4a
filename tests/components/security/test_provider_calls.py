"""What a deploy calls is what the services have, for all that is declared and no more."""

from fnmatch import fnmatchcase
from functools import cache

import botocore.session
import pytest

from components.security.provider_calls import WRITES
from components.security.provider_reads import READS, TAGS
from graph.model import Graph
from tests.components.security.whole import stack
from tests.stacks import STACKS, built

PERMISSION_ONLY = {
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:UpdateLogDelivery",
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-service-specific.html
    "cloudfront:AllowVendedLogDeliveryForResource",
    # S3 names some permissions otherwise than its calls:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
    "s3:GetAccelerateConfiguration",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
    "s3:PutAccountPublicAccessBlock",
    "s3:PutBucketCORS",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
}
MODELS = {
    "access-analyzer": ("accessanalyzer",),
    "pricingplanmanager": ("pricing-plan-manager",),
    "s3": ("s3", "s3control"),
}


def kinds(graph: Graph) -> set[str]:
    return {
        resource.type.split(":")[1]
        for resource in graph.resources
        if resource.type.startswith("aws:")
    }


def test_every_kind_of_resource_can_be_deployed_and_no_other():
    declared_kinds = kinds(stack()).union(*(kinds(built(name)) for name in STACKS))

    assert declared_kinds - set(WRITES) == set(), "say in provider_calls.py what it takes"
    assert set(WRITES) - declared_kinds == set(), "nothing is of this kind any more"


def test_what_is_written_is_read_and_tagged_where_the_service_tags():
    written = {service for calls in WRITES.values() for service in calls}

    assert written <= set(READS)
    assert set(TAGS) <= written
    # API Gateway's tags are paths, as all else; a subscription to a price has none.
    assert written - set(TAGS) == {"apigateway", "pricingplanmanager"}


@cache
def operations(service: str) -> frozenset[str]:
    session = botocore.session.get_session()
    models = MODELS.get(service, (service,))
    return frozenset(n for m in models for n in session.get_service_model(m).operation_names)


def patterns() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rows in (READS, TAGS, *WRITES.values()):
        for service, row in rows.items():
            found.setdefault(service, set()).update(row.split())
    return found


@pytest.mark.parametrize("service", sorted(set(READS) - {"apigateway"}))
def test_every_action_is_one_that_the_service_has(service):
    unknown = {
        f"{service}:{pattern}"
        for pattern in patterns()[service]
        if not any(fnmatchcase(operation, pattern) for operation in operations(service))
    }

    assert unknown - PERMISSION_ONLY == set()


@pytest.mark.parametrize("service", sorted(set(READS) - {"apigateway"}))
def test_reading_settings_changes_nothing_and_shows_no_contents(service):
    reads = {
        operation
        for operation in operations(service)
        if any(fnmatchcase(operation, pattern) for pattern in READS[service].split())
    }
    contents = {
        "GetItem",
        "GetLogEvents",
        "GetMetricData",
        "GetObject",
        "GetRecords",
        "GetSecretValue",
        "ListUsers",
        "ReceiveMessage",
    }

    assert {n for n in reads if not n.startswith(("Describe", "Get", "List"))} == set()
    assert reads & contents == set()
