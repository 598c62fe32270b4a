"""Every role is within the boundary, and the boundary is no wider than they are."""

import json

from components.security.deploy_limits import MANAGED, PASSED_TO
from components.security.roles import WITHIN
from graph.model import Graph
from tests.components.security.judge import ATTACHMENT, POLICY, ROLE
from tests.components.security.whole import stack
from tests.stacks import STACKS, built

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


def test_every_role_is_below_the_stacks_path_and_within_its_boundary():
    graph = stack()
    bound = graph.resource("boundary", POLICY).outputs["arn"]
    roles = {r.name: r.inputs for r in graph.by_type(ROLE)}
    delivery = {"delivery-deploy", "delivery-drift", "delivery-preview"}

    assert {
        (inputs["path"], inputs["permissionsBoundary"])
        for name, inputs in roles.items()
        if name not in delivery
    } == {("/ma-platform/fifth/", bound)}
    for name in delivery:
        assert roles[name]["path"] == "/ma-platform-delivery/fifth/"
        assert "permissionsBoundary" not in roles[name]


def granted(graph: Graph) -> set[str]:
    return {
        action
        for policy in graph.by_type(ROLE_POLICY)
        for statement in json.loads(policy.inputs["policy"])["Statement"]
        for action in statement["Action"]
    }


def test_the_boundary_is_just_as_wide_as_the_grants():
    within = {f"{service}:{action}" for service, row in WITHIN.items() for action in row.split()}
    grants = granted(stack()).union(*(granted(built(name)) for name in STACKS))

    assert grants - within == set(), "add it to WITHIN: the boundary would make it nothing"
    # Of AmazonRDSEnhancedMonitoringRole, whose other actions are granted too.
    assert within - grants == {"logs:PutRetentionPolicy"}


def test_services_that_take_a_role_are_those_it_may_be_passed_to():
    graphs = [stack(), *(built(name) for name in STACKS)]
    trusted = {
        statement["Principal"]["Service"]
        for graph in graphs
        for role in graph.by_type(ROLE)
        for statement in json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        if "Service" in statement["Principal"]
    }
    managed = {
        attachment.inputs["policyArn"]
        for graph in graphs
        for attachment in graph.by_type(ATTACHMENT)
        if attachment.inputs["policyArn"].startswith("arn:aws:iam::aws:")
    }

    # A trail is a person's to declare, and a test of restores is given a role as another service
    # than the one that takes it.
    other = {"restore-testing.backup.amazonaws.com"}
    assert (trusted - {"cloudtrail.amazonaws.com"}) | other == set(PASSED_TO)
    assert managed == set(MANAGED)
