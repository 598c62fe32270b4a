"""Rules for RDS Proxy, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.data import proxy
from tests.policies.cases import Case, check, judged, made, named, spoilt

PROXY = "rds.Proxy proxy-751fba"
POOL = "rds.ProxyDefaultTargetGroup proxy-751fba"

CASES = [
    spoilt("proxy-over-tls", PROXY, "requireTls", False, stack="enterprise"),
    spoilt("proxy-silent-about-statements", PROXY, "debugLogging", True, stack="enterprise"),
    spoilt("proxy-idle-clients-cut", PROXY, "idleClientTimeout", 18000, stack="enterprise"),
    spoilt(
        "proxy-borrows-briefly",
        POOL,
        "connectionPoolConfig.connectionBorrowTimeout",
        50,
        stack="enterprise",
    ),
    spoilt(
        "proxy-leaves-connections",
        POOL,
        "connectionPoolConfig.maxConnectionsPercent",
        100,
        stack="enterprise",
    ),
    spoilt("proxy-signs-in-by-iam", PROXY, "defaultAuthScheme", None, stack="enterprise"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, proxy.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in proxy.RULES}


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [("REQUIRED", Verdict.MET), ("DISABLED", Verdict.VIOLATED), (None, Verdict.VIOLATED)],
)
def test_a_proxy_with_secrets_asks_iam_for_each(asked, verdict):
    graph = made(("aws:rds/proxy:Proxy", "proxy-751fba", {"auths": [{"iamAuth": asked}]}))

    assert judged(named("proxy-signs-in-by-iam", proxy.RULES), graph, verdict) == [PROXY]
