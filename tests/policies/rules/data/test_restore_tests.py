"""Rules for restoring, each with a stack that breaks it."""

import pytest

from policies.rules.data import restore_tests
from tests.policies.cases import Case, case, changed, check, spoilt, without

PLAN = "backup.Plan backups"
PLANNED = "backup.RestoreTestingPlan backups-tests"
TESTED = "backup.RestoreTestingSelection backups-tests"
YOUNG = "recoveryPointSelection"
PLACE = "restoreMetadataOverrides"

CASES = [
    case("restores-tested", without(PLANNED), PLAN, stack="enterprise"),
    spoilt("restores-on-a-schedule", PLANNED, "scheduleExpression", None, stack="enterprise"),
    *(
        spoilt(rule, label, path, value)
        for rule, label, path, value in (
            ("restore-tests-snapshots", PLANNED, f"{YOUNG}.recoveryPointTypes", ["CONTINUOUS"]),
            ("restore-tests-what-is-young", PLANNED, f"{YOUNG}.selectionWindowDays", 350),
            ("restore-tests-start-in-time", PLANNED, "startWindowHours", 80),
            ("restore-tests-end-in-time", TESTED, "validationWindowHours", 10),
            ("restore-tests-in-a-network", TESTED, f"{PLACE}.dbSubnetGroupName", None),
            ("restore-tests-behind-a-group", TESTED, f"{PLACE}.vpcSecurityGroupIds", None),
        )
    ),
    *(
        case("databases-restored", edit, "rds.Instance database")
        for edit in (without(TESTED), changed(TESTED, "protectedResourceArns[*]", None))
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, restore_tests.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in restore_tests.RULES}
