"""Which of GitHub's workflows are let in, and as whom."""

import json

import pytest

from components.security.delivery import Delivery, DeliveryArgs
from components.security.deploy_access import Reach
from config.sections import Delivery as DeliveryConfig
from graph.model import Graph
from tests.components.security.judge import POLICY, ROLE, attached
from tests.components.security.whole import GITHUB, REGION, stack
from tests.declare import ACCOUNT, KEY, declare
from tests.stacks import STACKS, built

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


def delivery(*, owner: bool = True, **config: object) -> Graph:
    reach = Reach(
        account_id=ACCOUNT,
        region=REGION,
        boundary_arn="arn:aws:iam::123456789012:policy/boundary",
        key_arns=[KEY],
        called_arns=[],
        site_bucket="site",
        maps_arn="arn:aws:s3:::data/source-maps/*",
        audit_arns=[],
        trail_arns=[],
    )
    args = DeliveryArgs(
        config=DeliveryConfig.model_validate({"repository": "acme/platform", **config}),
        owner=owner,
        reach=reach,
        data_buckets=["data"],
    )
    return declare(lambda: Delivery("delivery", args))


def trust(graph: Graph, role: str) -> dict[str, object]:
    [statement] = json.loads(graph.resource(role, ROLE).inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Federated": GITHUB}
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    return {
        key.removeprefix("token.actions.githubusercontent.com:"): value
        for key, value in statement["Condition"]["StringEquals"].items()
    }


@pytest.mark.parametrize(
    ("said", "subject", "ref"),
    [
        ({}, "repo:acme/platform:ref:refs/heads/main", "refs/heads/main"),
        (
            {"repository": "acme@12/platform@345", "branch": "live"},
            "repo:acme@12/platform@345:ref:refs/heads/live",
            "refs/heads/live",
        ),
        (
            {"environment": "production"},
            "repo:acme/platform:environment:production",
            "refs/heads/main",
        ),
    ],
)
def test_a_deploy_comes_from_one_branch_of_one_repository(said, subject, ref):
    claims = trust(delivery(**said), "delivery-deploy")

    assert claims == {"aud": "sts.amazonaws.com", "sub": subject, "ref": ref}


def test_drift_is_looked_for_from_the_branch_without_anybodys_approval():
    claims = trust(delivery(environment="production", branch="live"), "delivery-drift")

    assert claims == {
        "aud": "sts.amazonaws.com",
        "sub": "repo:acme/platform:ref:refs/heads/live",
        "ref": "refs/heads/live",
    }


def test_a_pull_request_is_given_the_other_role():
    claims = trust(delivery(environment="production"), "delivery-preview")

    assert claims == {"aud": "sts.amazonaws.com", "sub": "repo:acme/platform:pull_request"}


@pytest.mark.parametrize(
    ("owner", "own", "declares"), [(True, True, 1), (True, False, 0), (False, True, 0)]
)
def test_the_accounts_owner_alone_declares_the_identity_provider(owner, own, declares):
    providers = delivery(owner=owner, own_provider=own).by_type(PROVIDER)

    assert len(providers) == declares
    assert [p.inputs for p in providers] == declares * [
        {
            "url": "https://token.actions.githubusercontent.com",
            "clientIdLists": ["sts.amazonaws.com"],
        }
    ]


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_that_names_no_repository_lets_no_workflow_in(name):
    graph = built(name)

    assert not graph.by_type(POLICY)
    assert not graph.by_type(PROVIDER)
    assert {r.inputs["path"] for r in graph.by_type(ROLE)} == {f"/ma-platform/{name}/"}


def test_policies_are_of_a_size_iam_takes():
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    graph = stack()
    sizes = {r.name: len("".join(r.inputs["policy"].split())) for r in graph.by_type(POLICY)}

    assert sizes
    assert {name: size for name, size in sizes.items() if size > 6144} == {}
    assert len(attached(graph, "delivery-deploy")) <= 10
