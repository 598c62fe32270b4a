"""No AWS service can be had by another account's customer to act on this one.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from contract.functions import FUNCTIONS
from graph.model import Graph, Resource
from tests.stacks import STACKS, built

DOCUMENTS = {
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:kms/key:Key": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
}
"""Where a resource says who may use it."""

FOR_WHOM = {
    "aws:sourceaccount",
    "aws:sourcearn",
    # CloudWatch Logs says for which log group instead:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    "kms:encryptioncontext:aws:logs:arn",
    # Firehose says the account under another name:
    # https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
    "sts:externalid",
}

IN_NETWORK = {
    f"Role {spec.name.replace('_', '-')}": "Lambda does not say the account for a function in a "
    "VPC that is new to it: https://github.com/aws/aws-parallelcluster/pull/6926"
    for spec in FUNCTIONS.values()
    if spec.in_vpc
}

TELL_NOBODY: Mapping[str, str] = {
    **IN_NETWORK,
    "Role api-logs": "API Gateway does not say for whom it assumes a role: "
    "https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/pull/479",
    "Role trail": "CloudTrail does not say for whom it assumes a role: "
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html",
}
"""What a service does without saying for whom, and how that is known."""


def statements(resource: Resource) -> Iterator[dict[str, Any]]:
    """Those that let an AWS service in."""
    for statement in json.loads(resource.inputs[DOCUMENTS[resource.type]])["Statement"]:
        principal = statement.get("Principal")
        if isinstance(principal, dict) and "Service" in principal:
            yield statement


def conditions(statement: Mapping[str, Any]) -> set[str]:
    return {
        key.lower()
        for operator, keys in statement.get("Condition", {}).items()
        # An IfExists would be met by a request that says nothing.
        if not operator.endswith("IfExists")
        for key in keys
    }


def open_to_strangers(graph: Graph) -> set[str]:
    return {
        f"{resource.short_type.rpartition('.')[2]} {resource.name}"
        for resource in graph.resources
        if resource.type in DOCUMENTS
        for statement in statements(resource)
        if not conditions(statement) & FOR_WHOM
    }


@pytest.mark.parametrize("stack", STACKS)
def test_every_service_acts_for_this_account_only_but_those_that_tell_nobody(stack):
    graph = built(stack)
    declared = {f"Role {resource.name}" for resource in graph.by_type("aws:iam/role:Role")}

    assert open_to_strangers(graph) == set(TELL_NOBODY) & declared


@pytest.mark.parametrize("stack", STACKS)
def test_every_function_is_called_by_one_resource_of_a_service(stack):
    permissions = built(stack).by_type("aws:lambda/permission:Permission")

    assert permissions
    for permission in permissions:
        assert permission.inputs["principal"].endswith(".amazonaws.com")
        whose = permission.inputs.get("sourceAccount", permission.inputs["sourceArn"])
        assert "123456789012" in whose, permission.name


@pytest.mark.parametrize("stack", STACKS)
def test_no_document_that_lets_services_in_is_overlooked(stack):
    documents = {
        resource.type
        for resource in built(stack).resources
        for value in resource.inputs.values()
        if isinstance(value, str) and '"Service"' in value
    }

    assert documents <= set(DOCUMENTS)
