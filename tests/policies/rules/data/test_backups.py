"""Rules for backup plans, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.data import backups
from tests.policies.cases import Case, case, changed, check, judged, made, named, spoilt, without
from tests.stacks import built

PLAN = "backup.Plan backups"
SELECTION = "backup.Selection backups"
STORES = ("rds.Instance database", "dynamodb.Table tables-api-keys")
PLAN_TYPE = "aws:backup/plan:Plan"
FIRST = "rules[*]"


CASES = [
    spoilt("backups-on-a-schedule", PLAN, f"{FIRST}.schedule", None),
    case("backup-plan-selects", without(SELECTION), PLAN),
    spoilt("backups-elsewhere", PLAN, "rules", [{"schedule": "rate"}], stack="enterprise"),
    case("backups-continuous", changed(STORES[0], "backupRetentionPeriod", 0), PLAN),
    *(
        spoilt("backup-lifecycles-legal", PLAN, f"{FIRST}.{path}", bad)
        for bad in [{"coldStorageAfter": 30, "deleteAfter": 60}]
        for path in ("lifecycle",)
    ),
    case("data-in-a-backup-plan", without(SELECTION), *STORES),
    case("data-in-a-backup-plan", changed(SELECTION, "resources", []), *STORES),
    *(
        spoilt(rule, label, path, value)
        for rule, label, path, value in (
            ("snapshots-expire", PLAN, "rules[*].lifecycle", None),
            ("snapshots-expire", PLAN, "rules[*].lifecycle.deleteAfter", 3650),
            ("snapshots-start-in-time", PLAN, "rules[*].startWindow", 2400),
            ("snapshots-start-in-time", PLAN, "rules[*].startWindow", None),
            ("snapshots-end-in-time", PLAN, "rules[*].completionWindow", 14400),
            ("snapshots-end-in-time", PLAN, "rules[*].completionWindow", None),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, backups.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in backups.RULES}


@pytest.mark.parametrize(
    ("planned", "verdict"),
    [
        ({"enableContinuousBackup": True, "lifecycle": {"deleteAfter": 35}}, Verdict.MET),
        ({"enableContinuousBackup": True, "lifecycle": {"deleteAfter": 90}}, Verdict.VIOLATED),
        ({"enableContinuousBackup": False, "lifecycle": {"deleteAfter": 35}}, Verdict.VIOLATED),
    ],
)
def test_a_plan_keeps_continuous_backups_for_as_long_as_aws_does(planned, verdict):
    graph = made((PLAN_TYPE, "backups", {"rules": [planned]}))

    assert judged(named("backups-continuous", backups.RULES), graph, verdict) == [PLAN]


def test_a_copy_that_is_deleted_while_its_cold_days_are_billed_is_found():
    copy = {"lifecycle": {"coldStorageAfter": 30, "deleteAfter": 60}}
    graph = made((PLAN_TYPE, "backups", {"rules": [{"copyActions": [copy]}]}))

    assert judged(named("backup-lifecycles-legal", backups.RULES), graph, Verdict.VIOLATED) == [
        PLAN
    ]


@pytest.mark.parametrize(("value", "missed"), [("prod", []), ("dev", list(STORES))])
def test_a_selection_by_tag_has_what_is_tagged_so(value, missed):
    graph = changed(SELECTION, "resources", None)(built("prod"))
    tag = {"type": "STRINGEQUALS", "key": "Stack", "value": value}
    rule = named("data-in-a-backup-plan", backups.RULES)

    found = judged(rule, changed(SELECTION, "selectionTags", [tag])(graph), Verdict.VIOLATED)

    assert found == missed
