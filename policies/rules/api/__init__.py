"""Rules for the APIs and the functions behind them."""

from policies.rule import Rule
from policies.rules.api import (
    authorizers,
    cors,
    environment,
    function,
    gateway,
    invocations,
    log_role,
    logs,
    network,
    routes,
    throttles,
)

RULES: tuple[Rule, ...] = (
    *gateway.RULES,
    *logs.RULES,
    *log_role.RULES,
    *routes.RULES,
    *authorizers.RULES,
    *throttles.RULES,
    *cors.RULES,
    *function.RULES,
    *environment.RULES,
    *network.RULES,
    *invocations.RULES,
)
