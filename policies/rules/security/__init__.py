"""Rules for who may do what: network, roles, keys, secrets, sign-in, and the records of it."""

from policies.rule import Rule
from policies.rules.security import (
    account,
    audit_archive,
    audit_delivery,
    clients,
    endpoints,
    flow,
    groups,
    identity,
    key,
    network,
    role_limits,
    roles,
    rotation,
    secrets,
    trail,
    trust,
)

RULES: tuple[Rule, ...] = (
    *network.RULES,
    *groups.RULES,
    *flow.RULES,
    *endpoints.RULES,
    *roles.RULES,
    *role_limits.RULES,
    *trust.RULES,
    *secrets.RULES,
    *rotation.RULES,
    *key.RULES,
    *account.RULES,
    *identity.RULES,
    *clients.RULES,
    *trail.RULES,
    *audit_delivery.RULES,
    *audit_archive.RULES,
)
