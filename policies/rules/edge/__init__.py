"""Rules for the edge: CloudFront, its firewall, and where it fetches from."""

from policies.rule import Rule
from policies.rules.edge import (
    caching,
    cdn,
    certificate,
    firewall,
    firewall_counting,
    firewall_logs,
    firewall_matching,
    origins,
    response_headers,
)

RULES: tuple[Rule, ...] = (
    *cdn.RULES,
    *caching.RULES,
    *response_headers.RULES,
    *origins.RULES,
    *firewall.RULES,
    *firewall_matching.RULES,
    *firewall_counting.RULES,
    *firewall_logs.RULES,
    *certificate.RULES,
)
