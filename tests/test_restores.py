"""What comes back of an earlier day, for all stores together."""

import pytest

from config.stack import ROOT
from graph.model import Graph
from policies.paths import values
from tests.stacks import STACKS, built

PITR_DAYS = 35
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html"""
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


def least(inputs, path):
    return min(days for days in values(inputs, path) if isinstance(days, int))


def reaches(graph: Graph) -> dict[str, int]:
    """How many days ago a store can be had from, by what is declared."""
    plans = graph.by_type("aws:backup/plan:Plan")
    snapshots = max(d for p in plans for d in values(p.inputs, "rules[*].lifecycle.deleteAfter"))
    selected = {
        urn
        for selection in graph.by_type("aws:backup/selection:Selection")
        for urn in selection.property_dependencies["resources"]
    }
    database = graph.resource("database", "aws:rds/instance:Instance")
    keys = graph.resource("tables-api-keys", "aws:dynamodb/table:Table")
    objects = graph.resource("data", LIFECYCLE).inputs
    audit = graph.resource("audit", LIFECYCLE).inputs
    assert {database.urn, keys.urn} <= selected
    assert keys.inputs["pointInTimeRecovery"]["enabled"] is True
    return {
        "rows, to the second": database.inputs["backupRetentionPeriod"],
        "rows, as a snapshot": snapshots,
        "API keys, to the second": PITR_DAYS,
        "API keys, as a snapshot": snapshots,
        "objects": least(objects, "rules[*].noncurrentVersionExpiration.noncurrentDays"),
        "audit lines": least(audit, "rules[*].expiration.days"),
    }


@pytest.mark.parametrize("stack", STACKS)
def test_whatever_day_the_rows_come_back_from_their_objects_and_keys_do(stack):
    found = reaches(built(stack))
    rows = max(found["rows, to the second"], found["rows, as a snapshot"])

    assert found["objects"] >= rows
    assert max(found["API keys, to the second"], found["API keys, as a snapshot"]) >= rows


@pytest.mark.parametrize(
    ("stack", "days"),
    [
        ("dev", (7, 14, 35, 14, 30, 30)),
        ("staging", (7, 35, 35, 35, 35, 30)),
        ("prod", (14, 365, 35, 365, 365, 365)),
        ("enterprise", (35, 365, 35, 365, 365, 2557)),
    ],
)
def test_the_page_on_backups_says_how_far_each_store_goes_back(stack, days):
    found = reaches(built(stack))
    tier = {"dev": "starter", "staging": "growth", "prod": "pro"}.get(stack, stack)
    page = (ROOT / "docs/backups.md").read_text(encoding="utf-8")

    assert tuple(found.values()) == days
    row = (days[0], days[1], max(days[2], days[3]), days[4], days[5])
    assert f"| {tier} | {' | '.join(map(str, row))} |" in page
