"""Rules for what keeps data: buckets, tables, Postgres, and their backups."""

from policies.rule import Rule
from policies.rules.data import (
    backups,
    bucket,
    bucket_policies,
    database,
    event_stream,
    instance,
    instance_alarms,
    instance_logs,
    lifecycle,
    master_password,
    parameters,
    proxy,
    public_access,
    replicas,
    restore_tests,
    storage,
    tables,
    vault,
)

RULES: tuple[Rule, ...] = (
    *public_access.RULES,
    *bucket.RULES,
    *bucket_policies.RULES,
    *lifecycle.RULES,
    *storage.RULES,
    *tables.RULES,
    *database.RULES,
    *instance.RULES,
    *replicas.RULES,
    *parameters.RULES,
    *instance_logs.RULES,
    *master_password.RULES,
    *proxy.RULES,
    *instance_alarms.RULES,
    *event_stream.RULES,
    *backups.RULES,
    *restore_tests.RULES,
    *vault.RULES,
)
