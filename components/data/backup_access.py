"""What AWS Backup may do here: of what AWS's own policies for it allow, that which concerns a
database and tables, and these alone.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForRestores.html
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, Output

from components import iam


@dataclass(frozen=True, kw_only=True)
class Selected:
    """What snapshots are taken of, into ``vault_arns`` and under ``key_arns``: its Region's first,
    then those of the Region that copies go to."""

    database_arn: Input[str]
    table_arns: Sequence[Input[str]]
    vault_arns: Sequence[Input[str]]
    key_arns: Sequence[Input[str]]
    account_id: Input[str]
    region: str

    def of_rds(self, resource: str, region: str | None = None) -> Output[str]:
        """The ARN of something of RDS's in this account, by default in this Region."""
        where = region or self.region
        return Output.concat("arn:aws:rds:", where, ":", self.account_id, ":", resource)


def snapshots(selected: Selected) -> list[iam.Grant]:
    """Take them, copy them, and delete them when their days are over.

    Not ``rds:ModifyDBInstance``: with it AWS Backup takes over the database's own window and
    retention, which this program states.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
    """
    taken = selected.of_rds("snapshot:awsbackup:*", region="*")
    table_backups = [Output.concat(arn, "/backup/*") for arn in selected.table_arns]
    made = Output.concat("arn:aws:backup:*:", selected.account_id, ":recovery-point:*")
    return [
        _grant(
            "Database",
            "rds",
            "AddTagsToResource CopyDBSnapshot CreateDBSnapshot DescribeDBInstances "
            "DescribeDBSnapshots ListTagsForResource",
            selected.database_arn,
            taken,
        ),
        _grant("DatabaseSnapshots", "rds", "DeleteDBSnapshot ModifyDBSnapshotAttribute", taken),
        _grant(
            "Tables",
            "dynamodb",
            "CreateBackup DescribeTable ListTagsOfResource StartAwsBackupJob",
            *selected.table_arns,
        ),
        _grant("TableBackups", "dynamodb", "DeleteBackup DescribeBackup", *table_backups),
        _grant("Vaults", "backup", "CopyIntoBackupVault DescribeBackupVault", *selected.vault_arns),
        # RDS's are snapshots, and DynamoDB's are AWS Backup's own, named by no one.
        _grant("Copies", "backup", "CopyFromBackupVault", taken, *table_backups, made),
        _grant("RecoveryPoints", "backup", "TagResource", made),
        # It looks for tagged resources even where they are named, and AWS knows no narrower one.
        _grant("Tagged", "tag", "GetResources", "*"),
        *_keys(selected),
        iam.key_through(
            "dynamodb",
            selected.region,
            selected.key_arns[0],
            "kms:Decrypt",
            "kms:GenerateDataKey",
            sid="TablesKey",
        ),
    ]


def restore_tests(selected: Selected, subnet_group_arn: Input[str]) -> list[iam.Grant]:
    """Restore a snapshot into an instance that has the name of a test, and no other.

    RDS asks about each thing that the new instance is made of:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples.html
    """
    taken = selected.of_rds("snapshot:awsbackup:*")
    tested = selected.of_rds("db:awsbackup-restore-test-*")
    return [
        _grant(
            "Restore",
            "rds",
            "RestoreDBInstanceFromDBSnapshot",
            taken,
            tested,
            subnet_group_arn,
            selected.of_rds("og:default:*"),
            selected.of_rds("pg:default.*"),
        ),
        _grant("Tested", "rds", "AddTagsToResource DeleteDBInstance", tested),
        _grant(
            "Look",
            "rds",
            "DescribeDBInstances DescribeDBSnapshots ListTagsForResource",
            selected.database_arn,
            taken,
            tested,
        ),
        *_keys(selected),
        iam.key_through(
            "rds",
            selected.region,
            selected.key_arns[0],
            "kms:Decrypt",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
            sid="DatabaseKey",
        ),
    ]


def _keys(selected: Selected) -> list[iam.Grant]:
    """Services keep a key in use by grants, which is all that may be done with this."""
    return [
        _grant("Keys", "kms", "DescribeKey", *selected.key_arns),
        iam.Grant(
            sid="KeyGrants",
            actions=["kms:CreateGrant"],
            resources=selected.key_arns,
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
    ]


def _grant(sid: str, service: str, actions: str, *resources: Input[str]) -> iam.Grant:
    names = [f"{service}:{action}" for action in actions.split()]
    return iam.Grant(sid=sid, actions=names, resources=resources)
