"""Rules for web ACLs' logs, each with a stack that breaks it."""

import pytest

from policies.rules.edge import firewall_logs
from tests.policies.cases import Case, case, changed, check, without

ACL = "wafv2.WebAcl firewall"
LOGS = "wafv2.WebAclLoggingConfiguration firewall-logs"
RATE = "rules[name=IpRate]"

CASES = [
    case("firewall-logging", without(LOGS), ACL),
    case("firewall-logs-kept", without("cloudwatch.LogGroup firewall-logs"), LOGS),
    case(
        "firewall-logs-kept",
        changed("cloudwatch.LogGroup firewall-logs", "name", "firewall"),
        LOGS,
    ),
    case(
        "firewall-logs-kept",
        changed(LOGS, "loggingFilter.filters[*].conditions[*].actionCondition.action", "ALLOW"),
        LOGS,
    ),
    *(
        case(f"firewall-{rule}", changed(ACL, f"{path}.{key}", False), ACL)
        for rule, path, key in (
            ("metrics", "visibilityConfig", "cloudwatchMetricsEnabled"),
            ("samples", "visibilityConfig", "sampledRequestsEnabled"),
            ("rule-metrics", f"{RATE}.visibilityConfig", "cloudwatchMetricsEnabled"),
            ("rule-samples", f"{RATE}.visibilityConfig", "sampledRequestsEnabled"),
        )
    ),
    case("firewall-logs-without-credentials", changed(LOGS, "redactedFields[*]", None), LOGS),
    case("firewall-logs-without-credentials", changed(LOGS, "redactedFields", None), LOGS),
    case("firewall-may-log", without("cloudwatch.LogResourcePolicy firewall-logs"), LOGS),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, firewall_logs.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in firewall_logs.RULES}
