"""What one line in a stack file creates, changes and removes, in a stack of its own."""

from typing import Any

import pytest

from tests.compare import Difference, difference
from tests.config.strategies import CONTACTS
from tests.overrides import database, edge, functions, security, storage, tiers
from tests.overrides.row import Row
from tests.stacks import declared

GROWTH: dict[str, Any] = {
    "tier": "growth",
    "contacts": CONTACTS,
    "origins": ["https://app.example.com"],
}
TABLE: dict[str, Row] = {
    **tiers.ROWS,
    **database.ROWS,
    **edge.ROWS,
    **security.ROWS,
    **storage.ROWS,
    **functions.ROWS,
}
APART = (
    ("tier down", "copies of backups", "another name"),
    ("tier up", "edge plan", "counted rule", "delivery", "hosts below the domain"),
    (
        "two replicas",
        "realtime off",
        "edge plan on its way",
        "no snapshots",
        "domain in somebody else's DNS",
    ),
    ("pay as you go behind a firewall", "one replica", "third zone", "provisioned"),
)
"""Rows that have to do with each other are not tried in one stack."""
OTHERS = tuple(name for name in TABLE if not any(name in names for names in APART))


@pytest.mark.slow
@pytest.mark.parametrize("override", TABLE)
def test_an_override_changes_just_what_it_is_about(override):
    values, created, changed, removed = TABLE[override]
    before, after = declared(GROWTH), declared({**GROWTH, **values})

    assert difference(before, after) == Difference(
        created=labels(created), changed=labels(changed), removed=labels(removed)
    )


@pytest.mark.slow
@pytest.mark.parametrize("names", [*APART, OTHERS], ids=lambda names: names[0])
def test_overrides_together_change_what_each_of_them_is_about(names):
    values: dict[str, Any] = {}
    for name in names:
        values = laid_over(values, TABLE[name][0])
    before, after = declared(GROWTH), declared({**GROWTH, **values})

    created, changed, removed = (labels("\n".join(TABLE[n][at] for n in names)) for at in (1, 2, 3))
    assert difference(before, after) == Difference(
        created=created, changed=changed - removed, removed=removed
    )


@pytest.mark.slow
def test_another_region_brings_topics_and_key_for_cloudfronts_alarms_and_removes_nothing():
    found = difference(declared(GROWTH), declared(GROWTH, region="eu-central-1"))

    topics = {
        f"sns.{kind} topics-edge-{issue}"
        for kind in ("Topic", "TopicPolicy", "TopicSubscription")
        for issue in ("outage", "security", "data-loss")
    }
    assert found.removed == frozenset()
    assert found.created == topics | {
        "ma-platform.Topics topics-edge",
        "ma-platform.Key key-edge",
        "kms.Key key-edge",
        "kms.Alias key-edge",
    }


def laid_over(values: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Both; a value that both have must be one."""
    both = {**values, **more}
    for key in values.keys() & more.keys():
        if isinstance(values[key], dict):
            both[key] = laid_over(values[key], more[key])
        else:
            assert values[key] == more[key], key
    return both


def labels(lines: str) -> frozenset[str]:
    return frozenset(line.strip() for line in lines.splitlines() if line.strip())
