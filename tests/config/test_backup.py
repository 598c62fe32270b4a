"""Which snapshots a stack takes, and what its file may not ask of them."""

import pytest

from config.loading import load
from config.problems import ConfigError
from config.sections import Backup
from config.tiers import TIERS
from tests.config.strategies import CONTACTS


def refusals(**values: object) -> list[tuple[str, object, str]]:
    with pytest.raises(ConfigError) as refusal:
        load(
            {"tier": "growth", "contacts": CONTACTS, **values},
            region="us-east-1",
            source="Pulumi.test.yaml",
        )
    return [(".".join(map(str, p.path)), p.value, p.limit) for p in refusal.value.problems]


def test_each_tier_keeps_what_it_pays_for():
    assert {name: tier.backup.kept() for name, tier in TIERS.items()} == {
        "starter": {"weekly": 14},
        "growth": {"weekly": 35},
        "pro": {"weekly": 35, "monthly": 365},
        "enterprise": {"daily": 35, "monthly": 365},
    }
    assert {name for name, tier in TIERS.items() if tier.backup.lock} == {"pro", "enterprise"}
    assert {name: tier.backup.restore_tests for name, tier in TIERS.items()} == {
        "starter": None,
        "growth": None,
        "pro": "quarterly",
        "enterprise": "monthly",
    }


def test_a_kind_that_has_no_days_is_not_taken():
    assert Backup().kept() == {}


@pytest.mark.parametrize(
    ("backup", "path", "value", "limit"),
    [
        ({"weekly_days": 0}, "weekly_days", 0, "at least 1"),
        ({"hour": 24}, "hour", 24, "at most 23"),
        (
            {"copy_region": "us-east-1"},
            "copy_region",
            "us-east-1",
            "another Region than aws:region",
        ),
        ({"copy_region": "Ohio"}, "copy_region", "Ohio", "of the form us-east-1"),
        ({"weekly_days": None, "lock": True}, "lock", True, "false while no snapshot is taken"),
    ],
)
def test_a_wrong_value_is_refused(backup, path, value, limit):
    assert refusals(backup=backup) == [(f"backup.{path}", value, limit)]


def test_a_copy_goes_where_a_restored_database_would_be_recognised():
    [(path, value, limit)] = refusals(backup={"copy_region": "il-central-1"})

    assert (path, value) == ("backup.copy_region", "il-central-1")
    assert limit.startswith("one of af-south-1, ")


def test_backups_that_are_not_made_are_not_replicated():
    found = refusals(database={"backup_days": 0}, backup={"copy_region": "us-west-2"})

    assert found == [("backup.copy_region", "us-west-2", "null while database.backup_days is 0")]


def test_what_needs_snapshots_says_so_of_each():
    found = refusals(
        backup={"weekly_days": None, "restore_tests": "monthly", "copy_region": "us-west-2"}
    )

    assert found == [
        ("backup.restore_tests", "monthly", "null while no snapshot is taken"),
        ("backup.copy_region", "us-west-2", "null while no snapshot is taken"),
    ]
