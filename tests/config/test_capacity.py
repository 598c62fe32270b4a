"""How concurrency is divided."""

import pytest

from config.capacity import reserved
from config.stack import load
from tests.config.strategies import CONTACTS


def shares(tier, **overrides):
    values = {"tier": tier, "contacts": CONTACTS, **overrides}
    return reserved(load(values, region="us-east-1", source="test"))


@pytest.mark.parametrize(
    ("tier", "overrides", "expected"),
    [
        ("starter", {}, {"health": 16, "health_auth": None, "realtime": None}),
        ("pro", {}, {"health": 40, "health_auth": 20, "realtime": 40}),
        (
            "pro",
            {"features": {"realtime": False}},
            {"health": 66, "health_auth": 33, "realtime": None},
        ),
        (
            "starter",
            {"account": {"lambda_concurrency": 10}},
            {"health": None, "health_auth": None, "realtime": None},
        ),
        (
            "pro",
            {"functions": {"concurrency": 1, "provisioned": {}}},
            {"health": 1, "health_auth": 1, "realtime": 1},
        ),
    ],
)
def test_the_tiers_total_is_divided_by_weight(tier, overrides, expected):
    assert shares(tier, **overrides) == expected
