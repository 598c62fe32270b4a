"""Rules for the edge: CloudFront, its firewall, and where it fetches from."""

from policies.rule import Rule
from policies.rules.edge import (
    access_logs,
    behaviours,
    cdn,
    certificate,
    firewall,
    firewall_logs,
    firewall_rules,
    hsts,
    origins,
    response_headers,
)

RULES: tuple[Rule, ...] = (
    *cdn.RULES,
    *behaviours.RULES,
    *access_logs.RULES,
    *response_headers.RULES,
    *hsts.RULES,
    *origins.RULES,
    *firewall.RULES,
    *firewall_rules.RULES,
    *firewall_logs.RULES,
    *certificate.RULES,
)
