"""Stack configurations as hypothesis draws them: every one of them valid."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from config.instances import KNOWN, most_connections
from config.tiers import TIERS

CONTACTS = {
    "outage": "outage@example.com",
    "security": "security@example.com",
    "data_loss": "data-loss@example.com",
}
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")


@st.composite
def stacks(draw: DrawFn) -> dict[str, Any]:
    """The stack key of a valid file, somewhere between a bare tier and everything said."""
    tier = draw(st.sampled_from(sorted(TIERS)))
    said: dict[str, Any] = {
        "network": _network(draw),
        "database": (database := _database(draw)),
        "storage": _storage(draw),
        "functions": _functions(draw, database["max_connections"]),
        "edge": _edge(draw),
        "features": {key: draw(st.booleans()) for key in ("realtime", "analytics", "ai")},
        "origins": draw(st.lists(st.sampled_from(ORIGINS), unique=True, max_size=3)),
        "identity": {"mfa": draw(st.sampled_from(("OFF", "OPTIONAL", "ON")))},
        "alarms": {"metrics": draw(st.integers(28, 60))},
        "audit": {"retention_days": draw(st.integers(1, 36500))},
        "backup": _backup(draw),
        "account": {"id": draw(st.from_regex(r"\A[0-9]{12}\Z")), "owner": draw(st.booleans())},
        "delivery": {"repository": draw(st.sampled_from(("acme/app", "acme@1/app@2")))},
        "protect": draw(st.booleans()),
        "site": {"release": draw(st.from_regex(r"\A[a-z0-9][a-z0-9.-]{0,20}\Z"))},
    }
    kept = draw(st.sets(st.sampled_from(sorted(said)))) - {"functions"} | {"database"}
    stack = {key: value for key, value in said.items() if key in kept}
    stack["functions"] = said["functions"]
    if "delivery" in stack:
        stack["account"] = said["account"]
    if tier == "enterprise":
        stack["limits"] = {"simulations": 1, "storage_gb": 1, "users": 1}
        stack["budget"] = {"monthly_usd": draw(st.integers(1, 10_000))}
    return {"tier": tier, "contacts": CONTACTS, **stack}


ORIGINS = ("http://localhost:5173", "https://app.example.com", "https://b.example.org:8443")


def _network(draw: DrawFn) -> dict[str, Any]:
    zones = draw(st.sampled_from((2, 3)))
    cidr = f"10.{draw(st.integers(0, 255))}.0.0/{draw(st.integers(16, 24))}"
    return {"cidr": cidr, "zones": zones}


def _database(draw: DrawFn) -> dict[str, Any]:
    storage, instance_class = draw(st.integers(20, 1000)), draw(st.sampled_from(KNOWN))
    return {
        "instance_class": instance_class,
        "multi_az": draw(st.booleans()),
        "replicas": draw(st.integers(0, 3)),
        "backup_days": draw(st.integers(1, 35)),
        "storage_gib": storage,
        "max_storage_gib": draw(st.sampled_from((0, storage * 2))),
        "max_connections": draw(st.integers(50, most_connections(instance_class))),
        "proxy": draw(st.booleans()),
        "monitoring_seconds": draw(st.sampled_from((1, 60))),
        "insights": draw(st.sampled_from(("standard", "advanced"))),
    }


def _backup(draw: DrawFn) -> dict[str, Any]:
    return {
        "weekly_days": draw(st.integers(1, 36500)),
        "monthly_days": draw(st.none() | st.integers(1, 36500)),
        "lock": draw(st.booleans()),
        "restore_tests": draw(st.sampled_from((None, "monthly", "quarterly"))),
        "copy_region": draw(st.sampled_from((None, "us-west-2"))),
    }


def _storage(draw: DrawFn) -> dict[str, Any]:
    hot = draw(st.integers(1, 300))
    cold = draw(st.none() | st.integers(hot + 1, 600))
    return {
        "hot_days": hot,
        "cold_days": cold,
        "expire_days": draw(st.none() | st.integers((cold or hot) + 1, 1000)),
        "warm_class": draw(st.sampled_from(("STANDARD_IA", "ONEZONE_IA", "GLACIER_IR"))),
        "cold_class": draw(st.sampled_from(("GLACIER", "DEEP_ARCHIVE"))),
    }


def _functions(draw: DrawFn, max_connections: int) -> dict[str, Any]:
    """Half of the connections, and what the account has left beside those that come back to the
    WebSocket, so that every share fits whatever else is on."""
    concurrency = draw(st.integers(10, min(600, max(10, max_connections // 2))))
    return {
        "sizing": draw(st.sampled_from(("shared", "dedicated", "dedicated-high"))),
        "concurrency": concurrency,
        "provisioned": draw(st.sampled_from(({}, {"simcore": 1}))),
    }


def _edge(draw: DrawFn) -> dict[str, Any]:
    domain = draw(st.booleans())
    zone = domain and draw(st.booleans())
    return {
        "plan": draw(st.sampled_from(("payg", "free", "pro", "business"))),
        "domain": "app.example.com" if domain else None,
        "zone_id": "Z0123456789ABC" if zone else None,
        "aliases": ("www.example.com",) if domain and draw(st.booleans()) else (),
        "hsts": draw(st.sampled_from((None, "subdomains", "preload"))) if domain else None,
        "origin_secret_generation": draw(st.integers(1, 5)),
        "csp": draw(st.sampled_from(("report-only", "enforce"))),
    }
