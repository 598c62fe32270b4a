"""What is put into the vaults, when, and by whom."""

import json
import re
from typing import Any

import botocore.session
import pulumi_aws as aws
import pytest
from botocore.validate import ParamValidator

from components.data.backups import Backups, BackupsArgs
from config.sections import Backup
from graph.model import Graph
from tests.components.api.programs import only, statements
from tests.declare import ACCOUNT, KEY, REGION, context, declare, inputs

COPY_KEY = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/copies"
DATABASE = f"arn:aws:rds:{REGION}:{ACCOUNT}:db:ma-platform-test"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/api-keys"
MODEL = botocore.session.get_session().get_service_model("backup")

PLAN = "aws:backup/plan:Plan"
REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
SELECTION = "aws:backup/selection:Selection"
TEST_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
TEST_SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
VAULT = "aws:backup/vault:Vault"


def backups(*, identifier: str = "ma-platform-test", **config: Any) -> Graph:
    section = Backup.model_validate(config)
    copies = context(region=section.copy_region, key_arn=COPY_KEY)

    def program() -> None:
        args = BackupsArgs(
            context=context(identifier=identifier, protect=True),
            config=section,
            contact="data-loss@example.com",
            database_arn=DATABASE,
            pitr_days=14,
            table_arns=[TABLE],
            subnet_group=aws.rds.SubnetGroup("database", subnet_ids=["subnet-a"]),
            closed_group_id="sg-closed",
            copies=copies if section.copy_region else None,
        )
        Backups("backups", args)

    return declare(program)


ENTERPRISE = {"daily_days": 35, "monthly_days": 365, "lock": True, "copy_region": "us-west-2"}


def output(graph: Graph, token: str, name: str, attribute: str) -> Any:
    return graph.resource(name, token).outputs[attribute]


def test_each_kind_has_its_days_and_all_of_them_one_hour():
    graph = backups(daily_days=7, weekly_days=35, monthly_days=365, hour=13)
    rules = only(graph, PLAN)["rules"]

    assert [(r["ruleName"], r["schedule"], r["lifecycle"]) for r in rules] == [
        ("daily", "cron(0 13 * * ? *)", {"deleteAfter": 7}),
        ("weekly", "cron(0 13 ? * SUN *)", {"deleteAfter": 35}),
        ("monthly", "cron(0 13 1 * ? *)", {"deleteAfter": 365}),
    ]
    vault = output(graph, VAULT, "backups", "name")
    assert {r["targetVaultName"] for r in rules} == {vault}


def test_point_in_time_recovery_stays_rdss_own():
    graph = backups(**ENTERPRISE)

    assert [r["enableContinuousBackup"] for r in only(graph, PLAN)["rules"]] == [False, False]
    granted = {
        action
        for policy in inputs(graph, ROLE_POLICY).values()
        for statement in statements(policy["policy"]).values()
        for action in statement["Action"]
    }
    assert "rds:ModifyDBInstance" not in granted


def test_the_database_and_the_tables_are_selected_by_name():
    graph = backups(weekly_days=14)

    assert only(graph, SELECTION) == {
        "planId": graph.resource("backups", PLAN).id,
        "iamRoleArn": output(graph, ROLE, "backups", "arn"),
        "resources": [DATABASE, TABLE],
    }
    # Made with the role, it is looked at with the role's policy.
    [selection] = graph.by_type(SELECTION)
    assert graph.resource("backups", ROLE_POLICY).urn in selection.dependencies


def test_the_role_is_aws_backups_for_this_account():
    trust = json.loads(inputs(backups(weekly_days=14), ROLE)["backups"]["assumeRolePolicy"])

    assert trust["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "backup.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        }
    ]


def test_the_role_deletes_its_own_snapshots_and_nothing_else():
    graph = backups(**ENTERPRISE)
    policy = statements(inputs(graph, ROLE_POLICY)["backups"]["policy"])
    deletes = {
        action: statement["Resource"]
        for statement in policy.values()
        for action in statement["Action"]
        if "Delete" in action
    }

    assert deletes == {
        "rds:DeleteDBSnapshot": [f"arn:aws:rds:*:{ACCOUNT}:snapshot:awsbackup:*"],
        "dynamodb:DeleteBackup": [f"{TABLE}/backup/*"],
    }
    assert [sid for sid, s in policy.items() if s["Resource"] == ["*"]] == ["Tagged"]


def test_the_keys_of_both_regions_are_used_by_grants_and_read_for_the_tables_alone():
    policy = statements(inputs(backups(**ENTERPRISE), ROLE_POLICY)["backups"]["policy"])

    assert {
        sid: (s["Action"], s["Resource"], s.get("Condition"))
        for sid, s in policy.items()
        if "Key" in sid
    } == {
        "Keys": (["kms:DescribeKey"], [KEY, COPY_KEY], None),
        "KeyGrants": (
            ["kms:CreateGrant"],
            [KEY, COPY_KEY],
            {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        "TablesKey": (
            ["kms:Decrypt", "kms:GenerateDataKey"],
            [KEY],
            {"StringEquals": {"kms:ViaService": f"dynamodb.{REGION}.amazonaws.com"}},
        ),
    }


def test_what_is_kept_longest_is_copied_into_a_vault_of_the_other_region():
    graph = backups(**ENTERPRISE)
    copies = output(graph, VAULT, "backups-copies", "arn")
    vault = inputs(graph, VAULT)["backups-copies"]

    assert [r.get("copyActions", []) for r in only(graph, PLAN)["rules"]] == [
        [],
        [{"destinationVaultArn": copies, "lifecycle": {"deleteAfter": 365}}],
    ]
    assert (vault["region"], vault["kmsKeyArn"]) == ("us-west-2", COPY_KEY)


def test_each_vault_is_locked_for_the_shortest_stay_in_it():
    locks = inputs(
        backups(**ENTERPRISE),
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    )

    assert {name: lock["minRetentionDays"] for name, lock in locks.items()} == {
        "backups": 35,
        "backups-copies": 365,
    }


def test_rdss_backups_are_replicated_to_the_other_region_once():
    graph = backups(**ENTERPRISE)

    assert only(graph, REPLICATION) == {
        "sourceDbInstanceArn": DATABASE,
        "kmsKeyId": COPY_KEY,
        "retentionPeriod": 14,
        "region": "us-west-2",
    }
    [replication] = graph.by_type(REPLICATION)
    assert replication.delete_before_replace


def test_without_another_region_there_is_one_vault():
    graph = backups(weekly_days=35, monthly_days=365)

    assert list(inputs(graph, VAULT)) == ["backups"]
    assert not graph.by_type(REPLICATION)
    assert "copyActions" not in json.dumps(
        [r.get("copyActions") for r in only(graph, PLAN)["rules"]]
    )


def test_no_snapshots_leave_the_vault_and_what_is_in_it():
    graph = backups()

    assert list(inputs(graph, VAULT)) == ["backups"]
    assert not graph.by_type(PLAN)
    assert not graph.by_type(ROLE)


def test_a_restore_is_tested_in_the_isolated_network_with_nobody_let_in():
    graph = backups(**ENTERPRISE, restore_tests="monthly")

    assert only(graph, TEST_PLAN) == {
        "name": "ma_platform_test",
        "scheduleExpression": "cron(0 12 2 * ? *)",
        "scheduleExpressionTimezone": "Etc/UTC",
        "startWindowHours": 8,
        "recoveryPointSelection": {
            "algorithm": "LATEST_WITHIN_WINDOW",
            "includeVaults": [output(graph, VAULT, "backups", "arn")],
            "recoveryPointTypes": ["SNAPSHOT"],
            "selectionWindowDays": 35,
        },
    }
    assert only(graph, TEST_SELECTION) == {
        "name": "ma_platform_test",
        "restoreTestingPlanName": output(graph, TEST_PLAN, "backups-tests", "name"),
        "protectedResourceType": "RDS",
        "protectedResourceArns": [DATABASE],
        "iamRoleArn": output(graph, ROLE, "backups-tests", "arn"),
        "restoreMetadataOverrides": {
            "dbSubnetGroupName": output(
                graph, "aws:rds/subnetGroup:SubnetGroup", "database", "name"
            ),
            "vpcSecurityGroupIds": '["sg-closed"]',
        },
        "validationWindowHours": 1,
    }


def test_a_smaller_stack_tests_once_a_quarter():
    graph = backups(weekly_days=35, restore_tests="quarterly", hour=9)

    assert only(graph, TEST_PLAN)["scheduleExpression"] == "cron(0 9 2 1,4,7,10 ? *)"


def test_a_test_makes_and_deletes_instances_of_that_name_only():
    graph = backups(**ENTERPRISE, restore_tests="monthly")
    policy = statements(inputs(graph, ROLE_POLICY)["backups-tests"]["policy"])
    tested = f"arn:aws:rds:{REGION}:{ACCOUNT}:db:awsbackup-restore-test-*"

    assert policy["Tested"]["Resource"] == [tested]
    assert [r for r in policy["Restore"]["Resource"] if ":db:" in r] == [tested]
    assert not [sid for sid, s in policy.items() if s["Resource"] == ["*"]]


@pytest.mark.parametrize("identifier", ["ma-platform-enterprise", "a" * 60, "a.b-c"])
def test_the_names_are_ones_that_restore_testing_takes(identifier):
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html"""
    graph = backups(**ENTERPRISE, restore_tests="monthly", identifier=identifier)

    for token in (TEST_PLAN, TEST_SELECTION):
        assert re.fullmatch(r"\w{1,50}", only(graph, token)["name"], re.ASCII)


def test_the_plan_is_one_that_the_api_takes():
    rules = only(backups(**ENTERPRISE), PLAN)["rules"]
    request = {
        "BackupPlanName": "backups",
        "Rules": [
            {
                "RuleName": rule["ruleName"],
                "TargetBackupVaultName": rule["targetVaultName"],
                "ScheduleExpression": rule["schedule"],
                "StartWindowMinutes": rule["startWindow"],
                "CompletionWindowMinutes": rule["completionWindow"],
                "EnableContinuousBackup": rule["enableContinuousBackup"],
                "Lifecycle": {"DeleteAfterDays": rule["lifecycle"]["deleteAfter"]},
            }
            for rule in rules
        ],
    }
    report = ParamValidator().validate(request, MODEL.shape_for("BackupPlanInput"))

    assert not report.has_errors(), report.generate_report()
    for shape, key in (
        ("BackupRuleName", "RuleName"),
        ("BackupVaultName", "TargetBackupVaultName"),
    ):
        pattern = MODEL.shape_for(shape).metadata["pattern"]
        assert all(re.match(pattern, rule[key]) for rule in request["Rules"])
    # A job has an hour at least to start, and an hour more to end:
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
    assert all(60 <= r["startWindow"] <= r["completionWindow"] - 60 for r in rules)
