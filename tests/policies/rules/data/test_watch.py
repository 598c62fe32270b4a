"""Rules for what is seen of a database, each with a stack that breaks it."""

import pytest

from policies.rules.data import watch
from tests.policies.cases import Case, case, changed, check, spoilt, without

DATABASE = "rds.Instance database"
PARAMETERS = "rds.ParameterGroup database"


def heard(kind):
    return f"rds.EventSubscription database-events-{kind}"


def parameter(name):
    return f"parameters[name={name}].value"


CASES = [
    spoilt("database-monitored", DATABASE, "monitoringInterval", 0),
    spoilt("database-monitored", DATABASE, "monitoringInterval", 600),
    spoilt("database-monitoring-may-write", DATABASE, "monitoringRoleArn", None),
    spoilt("database-insights-on", DATABASE, "performanceInsightsEnabled", False),
    spoilt("database-insights-under-own-key", DATABASE, "performanceInsightsKmsKeyId", None),
    spoilt("database-insights-kept", DATABASE, "performanceInsightsRetentionPeriod", 70),
    spoilt("database-logs-exported", DATABASE, "enabledCloudwatchLogsExports", ["postgresql"]),
    spoilt("database-tls-forced", PARAMETERS, parameter("rds.force_ssl"), "0"),
    spoilt("database-ddl-logged", PARAMETERS, parameter("log_statement"), "none"),
    spoilt(
        "database-slow-statements-logged", PARAMETERS, parameter("log_min_duration_statement"), "-1"
    ),
    *(
        spoilt(
            "database-idle-transactions-cut",
            PARAMETERS,
            parameter("idle_in_transaction_session_timeout"),
            bad,
        )
        for bad in ("0", "300001", None)
    ),
    spoilt("database-events-sent", heard("instance"), "enabled", False),
    case(
        "database-has-own-parameters",
        changed(DATABASE, "parameterGroupName", "default.postgres17"),
        DATABASE,
    ),
    case("database-logs-expire", without("cloudwatch.LogGroup database-upgrade"), DATABASE),
    *(
        case(f"database-{kind}-events-heard", without(heard(kind)), DATABASE)
        for kind in ("instance", "parameter-group", "security-group")
    ),
    case(
        "database-instance-events-heard",
        changed(heard("instance"), "eventCategories", ["failure"]),
        DATABASE,
    ),
    case("database-instance-events-heard", changed(heard("instance"), "enabled", False), DATABASE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, watch.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in watch.RULES}
