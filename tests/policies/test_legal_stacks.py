"""Stacks that no file of the repository is: what people write is not refused for being written."""

import pytest

from config.tiers import TIERS
from graph.model import Graph
from policies.rule import Verdict
from policies.rules import RULES
from tests.components.security import whole
from tests.config.strategies import CONTACTS
from tests.policies.cases import TODAY, document, judged, named
from tests.stacks import WAIVERS, declared
from tools.review.policy import judge

BARE = {"tier": "pro", "contacts": CONTACTS}
OWNED = {
    "contacts": CONTACTS,
    "limits": {"simulations": 1, "storage_gb": 1, "users": 1},
    "budget": {"monthly_usd": 100},
    "edge": {"domain": "example.com", "aliases": ["www.example.com"]},
    "network": {"cidr": "172.20.0.0/20"},
    "database": {"backup_window": "00:00-01:00", "maintenance_window": "sun:01:30-sun:02:30"},
    "backup": {"hour": 20, "copy_region": "eu-west-1"},
    "alarms": {"metrics": 80},
    "logs": {"retention_days": 400},
}
"""What an owner in Europe sets first."""
ZONES = {
    "Route 53": {"zone_id": "Z0123456789ABC"},
    "somebody else's DNS": {},
    "a certificate of theirs": {
        "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e"
    },
}
DELIVERED = {
    **BARE,
    "account": {"id": "123456789012", "owner": True},
    "delivery": {"repository": "owner/name", "branch": "main"},
}


def violations(graph: Graph) -> list[str]:
    """What is left where what the examples waive is waived."""
    found = judge(graph, today=TODAY, waivers=WAIVERS)
    return [f"{f.rule.name} {f.label}" for f in found.violations]


@pytest.mark.parametrize("values", [BARE, DELIVERED], ids=["bare", "delivered"])
def test_a_legal_stack_violates_only_what_is_waived_elsewhere(values):
    assert violations(declared(values)) == []


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("tier", TIERS)
def test_what_an_owner_sets_first_violates_nothing_on_any_tier(tier, zone):
    """In their Region, with their name, network, windows, alarms and logs."""
    stack = {**OWNED, "tier": tier, "edge": {**OWNED["edge"], **ZONES[zone]}}

    assert violations(declared(stack, region="eu-central-1")) == []


def test_a_builds_role_that_reads_a_secret_is_found_unless_it_is_refused():
    """The preview's role has the same policy, and another that denies it."""
    rule = named("builds-read-no-secret", RULES)
    roles = [f"iam.Role delivery-{role}" for role in ("deploy", "drift", "preview")]

    def read_secrets(policy):
        policy["Statement"][0]["Action"].append("secretsmanager:GetSecretValue")

    sound = declared(DELIVERED)
    reading = document("iam.Policy delivery-read", "policy", read_secrets)(sound)

    assert judged(rule, sound, Verdict.MET) == roles
    assert judged(rule, reading, Verdict.VIOLATED) == ["iam.Role delivery-deploy"]
    assert judged(rule, reading, Verdict.MET) == roles[1:]


def test_who_deploys_opens_the_states_key_and_none_of_the_stacks():
    rule = named("builds-read-no-secret", RULES)
    sound = whole.stack()
    [own, *_] = (key.outputs["arn"] for key in sound.by_type("aws:kms/key:Key"))

    def opening(arn):
        def widen(policy):
            [key] = [s for s in policy["Statement"] if s["Sid"] == "StateKey"]
            key["Resource"] = [arn]

        return document("iam.Policy delivery-own", "policy", widen)(sound)

    assert judged(rule, sound, Verdict.VIOLATED) == []
    for arn in (own, "*", "arn:aws:kms:us-east-1:123456789012:key/*"):
        assert judged(rule, opening(arn), Verdict.VIOLATED) == ["iam.Role delivery-deploy"]


def test_a_build_names_actions_but_for_looking():
    rule = named("role-actions-named", RULES)

    def wide(policy):
        policy["Statement"][0]["Action"].append("dynamodb:*")

    sound = declared(DELIVERED)
    policy = "iam.Policy delivery-read"

    assert policy in judged(rule, sound, Verdict.MET)
    assert judged(rule, document(policy, "policy", wide)(sound), Verdict.VIOLATED) == [policy]
