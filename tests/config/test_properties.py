"""Whatever the stack file says: valid ones load, and one wrong value is named by its path."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.loading import load
from config.problems import ConfigError
from config.tiers import TIERS
from tests.config.strategies import stacks

BREAKS: dict[tuple[str, ...], object] = {
    ("teir",): "pro",
    ("database", "replicas"): -1,
    ("database", "engine_version"): "17.4",
    ("database", "storage_gib"): 19,
    ("database", "backup_days"): 36,
    ("network", "cidr"): "10.0.0.0/30",
    ("network", "zones"): 1,
    ("storage", "hot_days"): 0,
    ("storage", "cold_class"): "TAPE",
    ("functions", "memory_mb"): 64,
    ("functions", "concurrency"): 100_000,
    ("edge", "plan"): "premium",
    ("edge", "origin_secret_generation"): 0,
    ("edge", "firewall", "ip_rate", "requests"): 9,
    ("edge", "firewall", "count"): {"Common": "soon"},
    ("api", "rate"): 0,
    ("logs", "retention_days"): 8,
    ("site", "release"): "../x",
    ("contacts", "outage"): "nobody",
    ("identity", "mfa"): "maybe",
    ("origins",): ["https://*"],
}


@given(stacks())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_every_valid_stack_loads_and_says_what_its_file_says(values):
    stack = load(values, region="eu-central-1", source="generated").model_dump()

    for key, said in values.items():
        if isinstance(said, dict):
            assert {name: stack[key][name] for name in said} == said
        else:
            assert stack[key] == (tuple(said) if isinstance(said, list) else said)


@given(stacks(), st.sampled_from(sorted(BREAKS)))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_every_wrong_value_is_refused_by_its_path(values, path):
    broken = deepcopy(values)
    holder: Any = broken
    for part in path[:-1]:
        holder = holder.setdefault(part, {})
    holder[path[-1]] = BREAKS[path]

    with pytest.raises(ConfigError) as refusal:
        load(broken, region="us-east-1", source="generated")

    assert path in {problem.path[: len(path)] for problem in refusal.value.problems}


@pytest.mark.parametrize("tier", TIERS)
def test_a_bare_tier_leaves_only_contacts_and_what_enterprise_decides_to_the_file(tier):
    with pytest.raises(ConfigError) as refusal:
        load({"tier": tier}, region="us-east-1", source="generated")

    asked = {problem.path for problem in refusal.value.problems}
    own = {("limits",), ("budget",)} if tier == "enterprise" else set()
    assert asked == {("contacts",)} | own


def test_each_environment_has_one_tier():
    assert sorted(tier.environment for tier in TIERS.values()) == [
        "development",
        "enterprise",
        "production",
        "staging",
    ]


def test_the_quotas_are_the_promised_ones():
    quotas = {
        name: (tier.limits.simulations, tier.limits.storage_gb, tier.limits.users)
        for name, tier in TIERS.items()
        if tier.limits
    }

    assert quotas == {"starter": (10, 1, 5), "growth": (100, 10, 25), "pro": (1000, 100, 100)}
