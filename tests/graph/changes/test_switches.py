"""What can be switched on can be switched off again, and a tier left as it was entered: on a
deployed and protected stack, each by two runs of the program."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from config.model import StackConfig
from config.problems import ConfigError
from config.stack import load
from graph.changes.compare import compare
from tests.graph.changes.test_walks import over
from tests.stacks import declared, example

pytestmark = pytest.mark.slow

PROD = example("prod").values
ROOMY = over(PROD, {key: example("enterprise").values[key] for key in ("budget", "limits")})
"""With what a stack file of enterprise must say."""
LASTING = {"apigatewayv2", "cloudfront", "cognito", "dynamodb", "kms", "rds", "s3"}


def switches(config: BaseModel, *path: str) -> Iterator[tuple[str, ...]]:
    """Each key that is on or off."""
    for key in type(config).model_fields:
        value = getattr(config, key)
        if isinstance(value, BaseModel):
            yield from switches(value, *path, key)
        elif isinstance(value, bool):
            yield (*path, key)


def read(values: Mapping[str, Any]) -> StackConfig:
    return load(values, region="us-east-1", source="Pulumi.fifth.yaml")


def turned(values: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """With the switch the other way."""
    now: Any = read(values)
    for key in path:
        now = getattr(now, key)
    changes: Any = not now
    for key in reversed(path):
        changes = {key: changes}
    return over(values, changes)


def stopped(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """What is lost, refused, or made anew though something lasting hangs on it; with the reason."""
    return {
        change.resource.label: change.why[0]
        for change in compare(declared(before), declared(after))
        if {"loses", "refused"} & {*change.kinds}
        or (
            "replace" in change.kinds
            and change.resource.type.split(":")[1].split("/")[0] in LASTING
        )
    }


@pytest.mark.parametrize("path", list(switches(read(PROD))), ids=".".join)
def test_a_switch_goes_both_ways(path):
    other = turned(PROD, path)
    try:
        read(other)
    except ConfigError:
        assert path in {("account", "free_plan"), ("edge", "firewall", "enabled")}
        return

    assert (stopped(PROD, other), stopped(other, PROD)) == ({}, {})


TIERS = ("starter", "growth", "pro", "enterprise")
PLANS = dict(zip(TIERS, ("payg", "free", "pro", "business"), strict=True))


def of(tier: str, **changes: Any) -> dict[str, Any]:
    return over(ROOMY, {"tier": tier, **changes})


@pytest.mark.parametrize(
    ("tier", "higher"), [(a, b) for a in TIERS for b in TIERS[TIERS.index(a) + 1 :]]
)
def test_a_tier_is_raised_by_what_the_page_on_tiers_says(tier, higher):
    """The firewall of a plan is changed before the plan, so what the plan lacks is refused:
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html
    """
    at_once = stopped(of(tier), of(higher))
    first = of(higher, edge={"firewall": {"plan": PLANS[tier]}})

    if tier == "starter":
        assert at_once == {}
    else:
        assert at_once.keys() == {"wafv2.WebAcl firewall"}
        assert "edge.firewall.plan" in at_once["wafv2.WebAcl firewall"]
        assert stopped(of(tier), first) == {}
        assert stopped(first, of(higher)) == {}


@pytest.mark.parametrize(
    ("tier", "lower"), [(a, b) for a in TIERS for b in TIERS[: TIERS.index(a)]]
)
def test_a_tier_is_lowered_once_what_cannot_shrink_is_said(tier, lower):
    """Storage and what is locked never shrink, a subnet in use stays, and a paid plan ends with its
    month: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html"""
    old = read(of(tier))
    kept = of(
        lower,
        audit={"retention_days": old.audit.retention_days},
        network={"zones": old.network.zones},
        database={
            "storage_gib": old.database.storage_gib,
            "max_storage_gib": old.database.max_storage_gib,
        },
        edge={"plan": PLANS[tier]} if lower == "starter" else {},
    )

    assert stopped(of(tier), kept) == {}
