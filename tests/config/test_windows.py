"""The hours in which RDS and AWS Backup are at the database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.problems import ConfigError
from config.rules import windows as rules
from config.stack import load
from config.tiers import TIERS
from config.windows import WEEK_MINUTES, daily, overlap, weekly
from tests.config.strategies import CONTACTS

SUNDAY = 6 * 24 * 60


def problems(*, backup=None, **database):
    values = {"tier": "growth", "contacts": CONTACTS, "database": database, "backup": backup or {}}
    try:
        load(values, region="eu-central-1", source="Pulumi.test.yaml")
    except ConfigError as refusal:
        return [(".".join(map(str, p.path)), p.value, p.limit) for p in refusal.problems]
    return []


def test_a_window_may_run_into_the_next_day_or_week():
    assert daily("23:30-00:30")[0] == (23 * 60 + 30, 60)
    assert daily("08:00-09:00") == [(day * 1440 + 480, 60) for day in range(7)]
    assert weekly("sun:23:30-mon:00:30") == (SUNDAY + 23 * 60 + 30, 60)


SPANS = st.tuples(st.integers(-100, WEEK_MINUTES), st.integers(1, 1440))


@given(SPANS, SPANS)
def test_spans_overlap_where_they_share_a_minute(one, other):
    minutes = [
        {(start + n) % WEEK_MINUTES for n in range(length)} for start, length in (one, other)
    ]

    assert overlap([one], [other]) == bool(minutes[0] & minutes[1])


@pytest.mark.parametrize("tier", TIERS)
def test_the_defaults_are_apart(tier):
    own = (
        {}
        if tier != "enterprise"
        else {
            "limits": {"simulations": 1, "storage_gb": 1, "users": 1},
            "budget": {"monthly_usd": 1},
        }
    )
    stack = load(
        {"tier": tier, "contacts": CONTACTS, **own}, region="eu-central-1", source="Pulumi.t.yaml"
    )

    assert [*rules.windows_are_apart(stack), *rules.snapshots_keep_clear_of_windows(stack)] == []


@pytest.mark.parametrize(
    ("database", "path", "limit"),
    [
        # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
        ({"backup_window": "01:00-01:29"}, "backup_window", "at least 30 minutes"),
        ({"backup_window": "01:00-01:00"}, "backup_window", "at least 30 minutes"),
        (
            {"maintenance_window": "tue:02:00-tue:02:15"},
            "maintenance_window",
            "at least 30 minutes",
        ),
        (
            {"backup_window": "01:00-02:00", "maintenance_window": "tue:01:30-tue:02:30"},
            "maintenance_window",
            "apart from database.backup_window, 01:00-02:00",
        ),
        (
            {"backup_window": "23:30-00:30", "maintenance_window": "wed:00:00-wed:01:00"},
            "maintenance_window",
            "apart from database.backup_window, 23:30-00:30",
        ),
        ({"backup_window": "1:00-2:00"}, "backup_window", "of the form 08:00-09:00"),
        ({"backup_window": "24:00-24:30"}, "backup_window", "of the form 08:00-09:00"),
        (
            {"maintenance_window": "Sun:01:00-Sun:02:00"},
            "maintenance_window",
            "of the form sun:09:30-sun:10:30",
        ),
    ],
)
def test_what_rds_refuses_is_refused(database, path, limit):
    assert problems(**database) == [(f"database.{path}", database[path], limit)]


@pytest.mark.parametrize(
    "database",
    [
        {"backup_window": "01:00-01:30", "maintenance_window": "tue:01:30-tue:02:00"},
        {"backup_window": "23:30-00:30", "maintenance_window": "tue:00:30-tue:23:30"},
    ],
    ids=str,
)
def test_windows_may_touch(database):
    assert problems(backup={"weekly_days": 14}, **database) == []


WINDOWS = {"backup_window": "20:00-21:00", "maintenance_window": "wed:03:00-wed:04:30"}


@pytest.mark.parametrize(
    ("backup", "key"),
    [
        ({"hour": 19}, "backup_window, 20:00-21:00"),
        ({"hour": 20}, "backup_window, 20:00-21:00"),
        ({"hour": 2, "daily_days": 7}, "maintenance_window, wed:03:00-wed:04:30"),
        ({"hour": 4, "monthly_days": 365}, "maintenance_window, wed:03:00-wed:04:30"),
    ],
    ids=str,
)
def test_aws_backup_keeps_clear_of_both_by_an_hour(backup, key):
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html"""
    limit = f"neither in database.{key}, nor in the hour before"

    assert problems(backup=backup, **WINDOWS) == [("backup.hour", backup["hour"], limit)]


@pytest.mark.parametrize(
    "backup",
    [
        {"hour": 18},
        {"hour": 21},
        {"hour": 5, "daily_days": 7},
        # Taken on Sundays only.
        {"hour": 3, "weekly_days": 14},
        {"hour": 20, "weekly_days": None},
    ],
    ids=str,
)
def test_a_snapshot_that_meets_no_window_is_taken(backup):
    assert problems(backup=backup, **WINDOWS) == []
