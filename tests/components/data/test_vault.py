"""What is in a vault stays, and what fails is told."""

import json

import botocore.session
import pytest

from components.data.vault import EVENTS, Vault, VaultArgs
from graph.model import Graph
from tests.components.api.programs import only, statements
from tests.declare import ACCOUNT, KEY, REGION, context, declare, inputs

LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
NOTICES = "aws:backup/vaultNotifications:VaultNotifications"
POLICY = "aws:backup/vaultPolicy:VaultPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
VAULT = "aws:backup/vault:Vault"


def vault(*, protect: bool = True, lock_days: int | None = None, region: str = REGION) -> Graph:
    args = VaultArgs(
        context=context(protect=protect, region=region),
        lock_days=lock_days,
        contact="data-loss@example.com",
    )
    return declare(lambda: Vault("backups", args))


@pytest.mark.parametrize("protect", [True, False])
def test_a_protected_vault_keeps_what_it_has_and_another_goes_with_its_stack(protect):
    graph = vault(protect=protect)
    [found] = graph.by_type(VAULT)

    assert found.inputs == {"forceDestroy": not protect, "kmsKeyArn": KEY, "region": REGION}
    assert found.protect is protect
    assert len(graph.by_type(POLICY)) == protect


def test_nobody_deletes_or_shortens_what_is_in_a_protected_vault():
    assert statements(only(vault(), POLICY)["policy"]) == {
        "NobodyDeletes": {
            "Effect": "Deny",
            "Principal": "*",
            "Action": [
                "backup:DeleteBackupVault",
                "backup:DeleteRecoveryPoint",
                "backup:UpdateRecoveryPointLifecycle",
            ],
            "Resource": ["*"],
            "Condition": {"Bool": {"aws:PrincipalIsAWSService": "false"}},
        }
    }


def test_the_policy_itself_can_be_taken_away_by_a_deploy():
    denied = statements(only(vault(), POLICY)["policy"])["NobodyDeletes"]["Action"]

    assert not {action for action in denied if "AccessPolicy" in action or "Lock" in action}


def test_a_lock_can_be_taken_off_again():
    graph = vault(lock_days=35)
    lock = only(graph, LOCK)

    assert lock == {
        "backupVaultName": graph.resource("backups", VAULT).outputs["name"],
        "minRetentionDays": 35,
        "region": REGION,
    }
    assert "changeableForDays" not in lock


def test_without_days_there_is_no_lock():
    assert not vault().by_type(LOCK)


def test_every_end_of_a_job_is_told_and_the_contact_is_mailed_of_the_bad_ones():
    graph = vault()
    subscription = only(graph, SUBSCRIPTION)

    assert set(only(graph, NOTICES)["backupVaultEvents"]) == {
        "BACKUP_JOB_COMPLETED",
        "COPY_JOB_FAILED",
        "RESTORE_JOB_COMPLETED",
    }
    assert (subscription["protocol"], subscription["endpoint"]) == (
        "email",
        "data-loss@example.com",
    )
    assert json.loads(subscription["filterPolicy"]) == {"State": [{"anything-but": ["COMPLETED"]}]}


def test_the_events_are_among_those_the_api_takes():
    shape = botocore.session.get_session().get_service_model("backup").shape_for("BackupVaultEvent")

    assert set(EVENTS) <= set(shape.enum)


def test_the_topic_is_under_the_key_and_takes_this_vaults_notices_over_tls():
    graph = vault()
    policy = statements(only(graph, TOPIC_POLICY)["policy"])

    assert only(graph, TOPIC)["kmsMasterKeyId"] == KEY
    assert policy.keys() == {"TlsOnly", "Backup"}
    assert policy["Backup"] == {
        "Effect": "Allow",
        "Principal": {"Service": "backup.amazonaws.com"},
        "Action": ["sns:Publish"],
        "Resource": [graph.resource("backups-failures", TOPIC).outputs["arn"]],
        "Condition": {
            "ArnEquals": {"aws:SourceArn": graph.resource("backups", VAULT).outputs["arn"]},
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
        },
    }
    [notices] = graph.by_type(NOTICES)
    assert graph.resource("backups-failures", TOPIC_POLICY).urn in notices.dependencies


def test_all_of_it_is_in_the_vaults_region():
    graph = vault(lock_days=1, region="us-west-2")
    regions = {
        (token, name): found.get("region")
        for token in (VAULT, POLICY, LOCK, NOTICES, TOPIC, TOPIC_POLICY, SUBSCRIPTION)
        for name, found in inputs(graph, token).items()
    }

    assert len(regions) == 7
    assert set(regions.values()) == {"us-west-2"}
