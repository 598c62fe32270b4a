"""Rules for what keeps data: buckets, tables, Postgres, and their backups."""

from policies.rule import Rule
from policies.rules.data import (
    access,
    backups,
    bucket,
    bucket_policies,
    database,
    event_stream,
    instance_alarms,
    lifecycle,
    public_access,
    snapshots,
    tables,
    upkeep,
    vault,
    watch,
)

RULES: tuple[Rule, ...] = (
    *public_access.RULES,
    *bucket.RULES,
    *bucket_policies.RULES,
    *lifecycle.RULES,
    *tables.RULES,
    *database.RULES,
    *upkeep.RULES,
    *access.RULES,
    *watch.RULES,
    *instance_alarms.RULES,
    *event_stream.RULES,
    *backups.RULES,
    *snapshots.RULES,
    *vault.RULES,
)
