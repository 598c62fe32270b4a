"""The four tiers: bundles of defaults that a stack file names and may override, field by field."""

from typing import Literal

from config.sections import (
    Alarms,
    Api,
    Audit,
    Backup,
    Budget,
    Database,
    Edge,
    Features,
    Functions,
    Limits,
    Logs,
    Network,
    Storage,
)
from config.sections.base import Section

TierName = Literal["starter", "growth", "pro", "enterprise"]
Environment = Literal["development", "staging", "production", "enterprise"]


class Tier(Section):
    """Everything a stack of this tier need not say itself.

    What is None must be said by the stack file. Nothing here may be a value whose change
    replaces a data store: a tier is something a stack moves between.
    """

    environment: Environment
    protect: bool
    network: Network
    database: Database
    storage: Storage
    api: Api
    audit: Audit
    backup: Backup
    functions: Functions
    edge: Edge
    features: Features
    alarms: Alarms
    logs: Logs
    limits: Limits | None
    budget: Budget | None


TIERS: dict[TierName, Tier] = {
    "starter": Tier(
        environment="development",
        protect=False,
        network=Network(zones=2),
        database=Database(instance_class="db.t4g.micro", max_connections=60),
        storage=Storage(),
        api=Api(rate=20, burst=40),
        functions=Functions(sizing="shared", memory_mb=256, concurrency=40),
        edge=Edge(plan="payg"),
        features=Features(analytics=False),
        alarms=Alarms(metrics=13),
        logs=Logs(retention_days=30),
        audit=Audit(retention_days=30),
        backup=Backup(weekly_days=14),
        limits=Limits(simulations=10, storage_gb=1, users=5),
        budget=Budget(monthly_usd=20),
    ),
    "growth": Tier(
        environment="staging",
        protect=False,
        network=Network(zones=2),
        database=Database(instance_class="db.t4g.small", max_connections=120, max_storage_gib=50),
        storage=Storage(),
        api=Api(rate=50, burst=100, connections=250),
        functions=Functions(sizing="shared", memory_mb=512, concurrency=80),
        edge=Edge(plan="free", csp="enforce"),
        features=Features(),
        alarms=Alarms(metrics=13),
        logs=Logs(retention_days=30),
        audit=Audit(retention_days=30),
        backup=Backup(weekly_days=35),
        limits=Limits(simulations=100, storage_gb=10, users=25),
        budget=Budget(monthly_usd=25),
    ),
    "pro": Tier(
        environment="production",
        protect=True,
        network=Network(zones=2),
        database=Database(
            instance_class="db.t4g.medium",
            max_connections=250,
            storage_gib=100,
            max_storage_gib=200,
            backup_days=14,
            final_snapshot=True,
            monitoring_seconds=60,
        ),
        storage=Storage(expire_days=None),
        api=Api(rate=200, burst=400, connections=1000),
        functions=Functions(
            sizing="dedicated", memory_mb=512, concurrency=100, provisioned={"simcore": 1}
        ),
        edge=Edge(plan="pro", csp="enforce"),
        features=Features(),
        alarms=Alarms(metrics=28),
        logs=Logs(retention_days=365),
        audit=Audit(retention_days=365),
        backup=Backup(weekly_days=35, monthly_days=365, lock=True, restore_tests="quarterly"),
        limits=Limits(simulations=1000, storage_gb=100, users=100),
        budget=Budget(monthly_usd=100),
    ),
    "enterprise": Tier(
        environment="enterprise",
        protect=True,
        network=Network(zones=3),
        database=Database(
            instance_class="db.r8g.large",
            max_connections=800,
            multi_az=True,
            storage_gib=1000,
            max_storage_gib=4000,
            backup_days=35,
            final_snapshot=True,
            monitoring_seconds=60,
            insights="advanced",
            proxy=True,
        ),
        storage=Storage(expire_days=None),
        api=Api(rate=2000, burst=4000, connections=5000, detailed_metrics=True),
        functions=Functions(
            sizing="dedicated-high", memory_mb=1024, concurrency=400, provisioned={"simcore": 10}
        ),
        edge=Edge(plan="business", csp="enforce"),
        features=Features(),
        alarms=Alarms(metrics=60),
        logs=Logs(retention_days=365),
        audit=Audit(retention_days=2557),
        backup=Backup(daily_days=35, monthly_days=365, lock=True, restore_tests="monthly"),
        limits=None,
        budget=None,
    ),
}
