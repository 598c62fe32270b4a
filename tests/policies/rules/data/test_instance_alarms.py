"""Rules for alarms on what a database runs out of, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.data import instance_alarms
from tests.policies.cases import Case, changed, check, judged, spoilt
from tests.stacks import built

RULE = "database-alarms-fit"
CONNECTIONS = "cloudwatch.MetricAlarm database-connections"
STORAGE = "cloudwatch.MetricAlarm database-storage"
MEMORY = "cloudwatch.MetricAlarm database-memory"

CASES = [
    spoilt(RULE, CONNECTIONS, "threshold", 250),
    spoilt(RULE, CONNECTIONS, "threshold", 20),
    spoilt(RULE, CONNECTIONS, "threshold", None),
    spoilt(RULE, STORAGE, "threshold", 2**30),
    spoilt(RULE, STORAGE, "threshold", 100 * 2**30),
    spoilt(RULE, MEMORY, "threshold", 2**20),
    spoilt(RULE, MEMORY, "threshold", 6 * 2**30),
    spoilt(RULE, "cloudwatch.MetricAlarm replicas-1-storage", "threshold", 0, stack="enterprise"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, instance_alarms.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in instance_alarms.RULES}


@pytest.mark.parametrize(
    ("size", "gib"),
    [("db.t4g.micro", 1), ("db.m7g.large", 8), ("db.r8g.large", 16), ("db.x2g.4xlarge", 256)],
)
def test_memory_is_told_from_the_instance_class(size, gib):
    graph = changed("rds.Instance database", "instanceClass", size)(built("prod"))
    (rule,) = instance_alarms.RULES

    def found(share):
        less = changed(MEMORY, "threshold", share * gib * 2**30)(graph)
        return MEMORY in judged(rule, less, Verdict.MET)

    assert [found(share) for share in (0.04, 0.06, 0.29, 0.31)] == [False, True, True, False]


def test_a_class_nobody_knows_is_not_judged():
    graph = changed("rds.Instance database", "instanceClass", "db.z9.huge")(built("prod"))
    (rule,) = instance_alarms.RULES

    assert judged(rule, graph, Verdict.MET) == [CONNECTIONS, STORAGE]
