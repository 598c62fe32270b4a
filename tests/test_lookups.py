"""What AWS answers another way tomorrow, and what is counted or put in order, moves nothing."""

import json
from collections.abc import Mapping
from functools import cache
from ipaddress import IPv4Network

import botocore.session
import pytest

from components.security.zones import TooFewZonesError
from contract.regions import WITH_DATABASE_ROOTS, WITH_TWO_ZONES
from graph import answers
from graph.changes.compare import compare
from graph.changes.model import Change
from graph.model import Graph
from graph.outputs import NAMES
from graph.program import record
from tests.config.strategies import CONTACTS
from tests.graph.changes.test_walks import over
from tests.stacks import STACKS, built, declared, example
from tests.test_overrides import GROWTH, TABLE

pytestmark = pytest.mark.slow


HERE = "us-east-1"
OFFERED: dict[str, Mapping[str, int]] = {
    "at first": {"b": 2, "c": 4, "e": 6, "f": 5},
    "more before": {"a": 1, "b": 2, "c": 4, "e": 6, "f": 5},
    "more between": {"b": 2, "c": 4, "d": 1, "e": 6, "f": 5},
    "another order": {"f": 5, "e": 6, "c": 4, "b": 2},
    "others": {"a": 1, "d": 5, "f": 2},
    "fewer": {"b": 2, "e": 6, "f": 5},
    "too few": {"c": 4, "a": 1},
}
"""Zones by letter, with the number in their ids; use1-az3 is never among those asked for."""
LATER = tuple(OFFERED)[1:-1]
PRO = {"tier": "pro", "contacts": CONTACTS}


@cache
def answered(stack: str, zones: str) -> Graph:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(answers.ZONES, HERE, OFFERED[zones])
        return record(stack, example(stack).pulumi_config())


def moved(before: Graph, after: Graph) -> dict[str, tuple[str, ...]]:
    """What is made anew or goes."""
    gone = {"replace", "delete"}
    return {c.resource.label: c.kinds for c in compare(before, after) if gone & {*c.kinds}}


def zones_of(graph: Graph) -> str:
    subnets = {
        IPv4Network(subnet.inputs["cidrBlock"]): subnet.inputs["availabilityZone"]
        for subnet in graph.by_type("aws:ec2/subnet:Subnet")
    }
    return "".join(zone.removeprefix(HERE) for _, zone in sorted(subnets.items()))


@pytest.mark.parametrize(
    "stack", ["enterprise", *(pytest.param(s, marks=pytest.mark.slow) for s in ("dev", "prod"))]
)
@pytest.mark.parametrize("zones", LATER)
def test_another_list_of_zones_changes_nothing_that_is_deployed(stack, zones):
    before, after = answered(stack, "at first"), answered(stack, zones)

    assert zones_of(before) == "bce"[: len(zones_of(before))]
    assert compare(before, after) == []


@pytest.mark.parametrize(
    "stack", ["prod", *(pytest.param(s, marks=pytest.mark.slow) for s in STACKS if s != "prod")]
)
def test_another_account_moves_nothing(monkeypatch, stack):
    before = built(stack)
    monkeypatch.setattr(answers, "ACCOUNT", "210987654321")
    after = record(stack, example(stack).pulumi_config())

    assert "210987654321" not in json.dumps(before.to_json())
    assert "210987654321" in json.dumps(after.to_json())
    # A permission names the account, and nothing hangs on it.
    assert {label.split()[0] for label in moved(before, after)} <= {"lambda.Permission"}


def test_there_is_one_partition_and_nobody_asks_which():
    """Names of AWS's own policies and services say ``aws``:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""
    session = botocore.session.get_session()

    assert {session.get_partition_for_region(region) for region in WITH_DATABASE_ROOTS} == {"aws"}


def test_fewer_zones_than_are_asked_for_are_a_problem_with_a_way_out():
    with pytest.raises(TooFewZonesError) as refused:
        answered("enterprise", "too few")

    assert str(refused.value) == (
        "no zone for another subnet\n"
        "  ma-platform:stack.network.zones: 3\n"
        "    limit    2 in this account and Region\n"
        "    reason   AWS offers the account us-east-1a, us-east-1c and no other\n"
        "    way out  lower network.zones, or choose another Region"
    )


@pytest.mark.parametrize("region", sorted(WITH_DATABASE_ROOTS))
def test_the_stand_in_offers_as_many_zones_as_the_configuration_says(region):
    offered = answers.answer("aws:index/getAvailabilityZones:getAvailabilityZones", {}, region)

    assert offered is not None
    assert (len(offered["names"]) == 2) == (region in WITH_TWO_ZONES)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["10.0.9.0/24", "10.0.3.0/24"], ["10.0.3.0/24", "10.0.9.0/24"]),
        (["10.0.9.0/24", "10.0.3.0/24"], ["10.0.1.0/24", "10.0.9.0/24", "10.0.3.0/24"]),
    ],
    ids=["another order", "one more before them"],
)
def test_subnets_are_told_apart_by_their_addresses(before, after):
    graphs = (
        declared({**PRO, "network": {"subnets": s, "zones": len(s)}}) for s in (before, after)
    )

    assert moved(*graphs) == {}


def test_a_third_zone_brings_a_proxy_beside_the_first_with_a_target_of_its_own():
    """Subnets are not among what is modified of a proxy:
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxy.html"""
    two, three = (
        declared({**PRO, "database": {"proxy": True}, "network": {"zones": zones}})
        for zones in (2, 3)
    )
    changes = compare(two, three)
    kinds = {
        kind: {c.resource.short_type for c in changes if kind in c.kinds}
        for kind in ("create", "delete", "replace", "refused")
    }
    own = {
        "cloudwatch.LogGroup",
        "rds.Proxy",
        "rds.ProxyDefaultTargetGroup",
        "rds.ProxyTarget",
    }

    assert kinds == {
        "create": {*own, "ec2.Subnet", "ec2.RouteTableAssociation"},
        "delete": own,
        "replace": set(),
        "refused": set(),
    }
    assert not names(two, "proxy") & names(three, "proxy")


def test_a_zone_taken_back_is_refused_before_anything_is_done():
    """SubnetAlreadyInUse: the database, its standby or a replica is in it.
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html"""
    three, two = (declared({**PRO, "network": {"zones": zones}}) for zones in (3, 2))
    found = {c.resource.label: c.kinds for c in compare(three, two) if "refused" in c.kinds}

    assert found == {"rds.SubnetGroup database": ("refused", "update")}


def names(graph: Graph, part: str) -> set[str]:
    """Physical names that the program gives to what is called so."""
    return {r.inputs["name"] for r in graph.resources if part in r.name and "name" in r.inputs}


def keeps_its_name(change: Change) -> bool:
    """Whether the program calls it by the same name before and after."""
    key = NAMES.get(change.resource.short_type, "name")
    same = [each.inputs.get(key) for each in (change.before, change.after) if each]
    return same[0] is not None and same == same[:1] * 2


@pytest.mark.parametrize(
    ("stack", "changes", "label"),
    [
        ("prod", {"backup": {"weekly_days": 30}}, "backup.VaultLockConfiguration backups"),
        (
            "enterprise",
            {"database": {"backup_days": 20}},
            "rds.InstanceAutomatedBackupsReplication backups",
        ),
    ],
)
def test_what_another_thing_has_one_of_goes_before_it_is_made_anew(stack, changes, label):
    """A vault has one lock, and an instance is replicated to a Region once. Made anew first, it
    would be taken off, or refused:
    https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVaultLockConfiguration.html
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartDBInstanceAutomatedBackupsReplication.html"""
    after = declared(over(example(stack).values, changes))
    replaced = {
        change.resource.label: change.resource.delete_before_replace
        for change in compare(declared(example(stack).values), after)
        if "replace" in change.kinds
    }

    assert replaced == {label: True}


@pytest.mark.slow
@pytest.mark.parametrize("override", TABLE)
def test_nothing_with_a_name_of_its_own_is_made_anew_under_it(override):
    """The engine would delete it first: two cannot have one name."""
    before, after = declared(GROWTH), declared({**GROWTH, **TABLE[override][0]})
    replaced = [c for c in compare(before, after) if "replace" in c.kinds]

    assert [c.resource.label for c in replaced if keeps_its_name(c)] == []
