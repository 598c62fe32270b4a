"""What people make of a stack of the four: each passes the pack, and on the way to it and back
nothing that lasts is lost, refused or made anew but what a page says."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from config.stack import ROOT
from graph.changes.compare import compare
from graph.model import Graph
from graph.stores import holds_data
from policies.rules.stack.destruction import DATA_STORES, data_store_kept
from policies.stack import Stack
from tests.graph.changes.test_walks import BROUGHT, ELSEWHERE, NAMED, over
from tests.policies.cases import TODAY
from tests.stacks import STACKS, WAIVERS, declared, example
from tools.review.policy import judge

pytestmark = pytest.mark.slow

HERE, THERE = "us-east-1", "eu-central-1"
VARIANTS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "two zones": {"network": {"zones": 2}},
    "three zones": {"network": {"zones": 3}},
    "two replicas": {"database": {"replicas": 2}},
    "a proxy": {"database": {"proxy": True}},
    "a domain in Route 53": NAMED,
    "a domain elsewhere": ELSEWHERE,
    "a domain with its certificate": BROUGHT,
    "no realtime": {"features": {"realtime": False}},
    "another owns the account": {"account": {"owner": False}},
}
PASSING = {"lambda.Invocation", "lambda.Permission"}
"""A call, and a grant of one: nothing hangs on them."""
COPIES = {"kms.Key key-copies", "backup.Vault backups-copies"}


class Page(NamedTuple):
    """A page, and what it says."""

    path: str
    sentence: str


OPERATIONS = "docs/operations.md"
ZONE = Page(OPERATIONS, "RDS keeps a subnet that the database, its standby or a replica is in")
LAST = Page(OPERATIONS, "Before the last one goes, set `database.own_password: true`")
GUARDED = Page(OPERATIONS, "protected stack** takes three steps, since AWS guards each instance")
MOVED = Page(
    OPERATIONS, "everything in the old one is made anew in the other, empty: databases, buckets and"
)

SUBNETS, MASTER = "rds.SubnetGroup database", "secretsmanager.Secret database-master"
FIRST, SECOND = "rds.Instance replicas-1", "rds.Instance replicas-2"
Way = Mapping[str, Page]
THITHER: Mapping[tuple[str, str], Way] = {("enterprise", "two zones"): {SUBNETS: ZONE}}
BACK: Mapping[tuple[str, str], Way] = {
    ("dev", "three zones"): {SUBNETS: ZONE},
    ("staging", "three zones"): {SUBNETS: ZONE},
    ("prod", "three zones"): {SUBNETS: ZONE},
    ("dev", "two replicas"): {MASTER: LAST},
    ("staging", "two replicas"): {MASTER: LAST},
    ("prod", "two replicas"): {MASTER: LAST, FIRST: GUARDED, SECOND: GUARDED},
    ("enterprise", "two replicas"): {SECOND: GUARDED},
}
"""By stack and variant, what stops, and where it is said."""


def read(page: Page) -> str:
    return re.sub(r"\s+", " ", (ROOT / page.path).read_text(encoding="utf-8"))


def violated(graph: Graph) -> list[str]:
    found = judge(graph, today=TODAY, waivers=WAIVERS)
    return [f"{each.rule.name} {each.label}" for each in found.violations]


def stopped(before: Graph, after: Graph) -> set[str]:
    return {
        change.resource.label
        for change in compare(before, after)
        if {"loses", "refused", "replace"} & {*change.kinds}
        and change.resource.short_type not in PASSING
    }


def stores(graph: Graph) -> Iterator[str]:
    """Where data is, but for what is in ``backup.copy_region``."""
    for resource in graph.resources:
        if resource.type in DATA_STORES and holds_data(resource) and resource.label not in COPIES:
            yield resource.label


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("stack", STACKS)
def test_a_variant_passes_the_pack_and_comes_and_goes_as_the_pages_say(stack, variant):
    values = example(stack).values
    base, other = declared(values), declared(over(values, VARIANTS[variant]))
    thither, back = (each.get((stack, variant), {}) for each in (THITHER, BACK))

    assert violated(other) == []
    assert stopped(base, other) == thither.keys()
    assert stopped(other, base) == back.keys()
    for page in (*thither.values(), *back.values()):
        assert page.sentence in read(page)


@pytest.mark.parametrize("stack", STACKS)
def test_another_region_passes_the_pack_and_is_another_stack(stack):
    """A resource that names no Region has its provider's, and is made anew with another:
    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/provider/sdkv2/region.go
    """
    values = example(stack).values
    here, there = declared(values), declared(values, region=THERE)

    assert violated(there) == []
    for before, after in ((here, there), (there, here)):
        assert {*stores(before)} <= stopped(before, after)
        lost = [j.resource for j in data_store_kept.judge(Stack(after, TODAY, before)) if j.message]
        assert {each.label for each in lost if each} == {*stores(before)}
    assert MOVED.sentence in read(MOVED)


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_what_the_page_says_of_the_last_replica_keeps_the_password(stack):
    values = example(stack).values
    kept = declared(over(values, {"database": {"own_password": True}}))
    other = declared(over(values, VARIANTS["two replicas"]))

    assert stopped(other, kept) == BACK[stack, "two replicas"].keys() - {MASTER}
