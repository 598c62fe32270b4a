"""A few values of each kind that every key of a stack file takes, from its JSON Schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from config.problems import REGION_KEY, ConfigError, Problem
from config.stack import load
from tools.schema import schema

SAID: Mapping[str, list[Any]] = {
    REGION_KEY: ["us-east-1", "eu-central-1", "ap-southeast-2"],
    "origins": [[], ["https://app.example.com", "http://localhost:5173"]],
    "contacts.outage": ["a@example.com", "first.last+tag@sub.example.org"],
    "contacts.security": ["a@example.com", "first.last+tag@sub.example.org"],
    "contacts.data_loss": ["a@example.com", "first.last+tag@sub.example.org"],
    "account.id": [None, "123456789012"],
    "alarms.metrics": [20, 60],
    "backup.copy_region": [None, "us-west-2"],
    "database.instance_class": ["db.t4g.micro", "db.m8g.large", "db.r8g.4xlarge"],
    "database.backup_window": ["08:00-09:00", "23:30-00:00"],
    "database.maintenance_window": ["sun:09:30-sun:10:30", "sun:22:00-mon:02:00"],
    "delivery.repository": ["acme/app", "acme@1/app@2"],
    "delivery.branch": ["main", "release/2026.12"],
    "delivery.environment": [None, "production"],
    "delivery.state_bucket": [None, "acme-state"],
    "delivery.state_key": [None, "arn:aws:kms:us-east-1:123456789012:key/0b1c2d3e"],
    "edge.domain": [None, "example.com", "app.example.com"],
    "edge.aliases": [[], ["www.example.com"]],
    "edge.zone_id": [None, "Z0123456789ABC"],
    "edge.certificate_arn": [None, "arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e"],
    "edge.firewall.rules": [None, ["IpRate", "Common"]],
    "edge.firewall.count": [{}, {"Common": "2026-12-31"}],
    "functions.provisioned": [{}, {"simcore": 1}],
    "identity.callback_origins": [[], ["http://localhost:5173"]],
    "network.cidr": ["10.0.0.0/16", "172.20.4.0/24"],
    "network.subnets": [[], ["10.0.0.0/24", "10.0.1.0/24"]],
    "site.release": ["initial", "2026-12-01.1"],
}
"""What no type tells."""
WITHIN: Mapping[str, list[int]] = {
    # The least and the most of these depend on others.
    "account.lambda_concurrency": [10, 1000, 5000],
    "database.backup_days": [0, 1, 35],
    "database.max_connections": [60, 250, 2000],
    "database.replicas": [0, 1, 2],
    "database.storage_gib": [20, 500],
    "database.max_storage_gib": [0, 1000],
    "functions.concurrency": [20, 100],
    "storage.hot_days": [1, 60],
    "storage.cold_days": [2, 400],
    "storage.expire_days": [100, 36500],
}
WHOLE = ("tier", "edge.plan")
"""Of these every value; of another enumeration the first, the last and one between."""


def families() -> dict[str, list[Any]]:
    """By key, dots between."""
    return {REGION_KEY: SAID[REGION_KEY], **dict(_families("Stack"))}


def _families(section: str, prefix: str = "") -> Iterator[tuple[str, list[Any]]]:
    for key, field in schema()["$defs"][section]["properties"].items():
        path, arms = f"{prefix}{key}", field.get("anyOf", [field])
        references = [arm["$ref"] for arm in arms if "$ref" in arm]
        if references:
            yield from _families(references[0].rpartition("/")[2], f"{path}.")
        elif path in SAID:
            yield path, SAID[path]
        else:
            null = [None] if {"type": "null"} in arms else []
            yield path, [*null, *_values(path, arms[0])]


def _values(path: str, arm: Mapping[str, Any]) -> list[Any]:
    if "enum" in arm:
        values = arm["enum"]
        ends = dict.fromkeys((values[0], values[len(values) // 2], values[-1]))
        return values if path in WHOLE else [*ends]
    if arm["type"] == "boolean":
        return [False, True]
    if path in WITHIN:
        return WITHIN[path]
    return [arm["minimum"], arm.get("maximum", 1000 * arm["minimum"])]


def stack(values: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The stack key of a file that says these, and its Region; for the rest what must be said."""
    nested: dict[str, Any] = {
        "tier": "growth",
        "contacts": dict.fromkeys(("outage", "security", "data_loss"), "name@example.com"),
        "limits": {"simulations": 1, "storage_gb": 1, "users": 1},
        "budget": {"monthly_usd": 1},
    }
    for path, value in values.items():
        *sections, key = path.split(".")
        holder = nested
        for section in sections:
            holder = holder.setdefault(section, {})
        holder[key] = value
    region = nested.pop(REGION_KEY, "us-east-1")
    if "delivery" in nested:
        nested["delivery"].setdefault("repository", "acme/app")
    return nested, region


def problems(values: Mapping[str, Any]) -> list[Problem]:
    """What a file that says these is refused for."""
    nested, region = stack(values)
    try:
        load(nested, region=region, source="Pulumi.fifth.yaml")
    except ConfigError as error:
        return error.problems
    return []
