"""Changes of a stack file that people make, each as the two records that it lies between."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from tests.compare import endangered
from tests.stacks import declared, example
from tools.review import diff

TODAY = date(2026, 12, 1)


def over(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    found = deepcopy(dict(values))
    for key, value in changes.items():
        both = isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = over(found[key], value) if both else value
    return found


NAMED = {"edge": {"domain": "app.example.com", "zone_id": "Z0123456789ABC"}}
WIDE = over(NAMED, {"edge": {"aliases": ["www.example.com"], "hsts": "preload"}})
ELSEWHERE = {"edge": {"domain": "app.example.com"}}
BROUGHT = over(
    NAMED, {"edge": {"certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/0b1c"}}
)
OF_A_NAME = {
    "acm.Certificate",
    "acm.CertificateValidation",
    "ma-platform.Certificate",
    "route53.Record",
}
SAID = {"cloudfront.Function cdn-hsts", "cloudfront.ResponseHeadersPolicy cdn-headers"}


def walk(stack: str, changes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What has to be decided, and by which of its kinds."""
    before = example(stack).values
    reviewed = diff.review(
        declared(before), declared(over(before, changes)), today=TODAY, waivers=()
    )
    return {change.resource.label: change.kinds for change in reviewed.undecided}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stack", "changes"),
    [
        ("prod", {"site": {"release": "2026-12-01"}}),
        ("prod", {"edge": {"origin_secret_generation": 2}}),
        ("prod", {"edge": {"firewall": {"count": {"Common": "2026-12-31"}}}}),
        ("prod", {"database": {"engine_version": "18", "apply_immediately": True}}),
        ("enterprise", {"database": {"replicas": 2}}),
        ("enterprise", {"database": {"storage_gib": 2000}}),
        ("prod", {"network": {"zones": 3}}),
        ("enterprise", {"database": {"backup_window": "00:00-01:00"}}),
        ("prod", {"database": {"maintenance_window": "sun:01:30-sun:02:30"}}),
        ("dev", {"tier": "growth"}),
    ],
    ids=str,
)
def test_an_everyday_change_needs_no_decision(stack, changes):
    """As docs/operations.md walks them."""
    assert walk(stack, changes) == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stack", "changes", "expected"),
    [
        (
            "enterprise",
            {"database": {"replicas": 0}},
            {"rds.Instance replicas-1": ("refused", "delete")},
        ),
        (
            "prod",
            {"database": {"replicas": 1}},
            {"iam.RolePolicy rotation": ("widens", "update")},
        ),
        (
            "prod",
            {"database": {"storage_gib": 50}},
            {"rds.Instance database": ("refused", "update")},
        ),
        (
            "prod",
            {"origins": ["https://app.example.com", "https://b.example.com"]},
            {
                "apigatewayv2.Api http": ("widens", "update"),
                "cognito.UserPoolClient identity": ("widens", "update"),
                "s3.BucketCorsConfiguration data": ("widens", "update"),
            },
        ),
        (
            "prod",
            {"protect": False},
            {
                "backup.VaultPolicy backups": ("widens", "delete"),
                "s3.BucketPolicy audit": ("widens", "update"),
            },
        ),
    ],
    ids=str,
)
def test_what_loses_or_opens_or_cannot_be_done_is_asked_for(stack, changes, expected):
    """What guards each, as AWS has it: deletion protection, storage that never shrinks, CORS, and
    the denials that a protected stack's vault and archive have. With its first replica RDS lets go
    of the master password, which `rotation` may then change, and of the key it was under:
    MasterUserSecretKmsKeyId is refused only while RDS goes on managing it, by
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html"""
    assert walk(stack, changes) == expected


@pytest.mark.slow
@pytest.mark.parametrize("stack", ["dev", "staging", "prod", "enterprise"])
def test_a_name_comes_changes_and_goes_on_a_deployed_stack(stack):
    """Two runs of the engine a step: nothing that lasts is replaced, nobody is asked, and what goes
    is the name's own."""
    values = example(stack).values
    steps = [declared(over(values, edge)) for edge in ({}, NAMED, WIDE, ELSEWHERE, BROUGHT, {})]

    for before, after in pairwise(steps):
        reviewed = diff.review(before, after, today=TODAY, waivers=())
        kinds = {change.resource.label: change.kinds for change in reviewed.changes}
        gone = {label for label, of in kinds.items() if "delete" in of or "replace" in of}
        assert endangered(before, after) == set()
        assert reviewed.undecided == []
        assert {label for label in gone if label.split()[0] not in OF_A_NAME} <= SAID
