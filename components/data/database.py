"""Postgres on RDS: the primary, and the hardening its replicas share."""

from dataclasses import dataclass
from functools import partial

import pulumi_aws as aws
import pulumi_random as random
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.alarm import Alarm
from components.data import instance_logs
from components.data.instance_alarms import instance_alarms
from components.data.master_password import OwnPassword
from components.data.parameters import parameters
from components.ordering import after
from components.security.flow import allow_tcp
from config.sections import Database as DatabaseConfig
from config.sections import Logs
from contract import database as contract

STRIPED_GIB = 400
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage"""
INSIGHTS_DAYS = {"standard": 7, "advanced": 465}
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.TurningOnAdvanced.html"""

BACKUP_WINDOW = "08:00-09:00"
MAINTENANCE_WINDOW = "sun:09:30-sun:10:30"
"""In UTC: after the nightly jobs, and over before AWS Backup, which fails inside them and in the
hour before. Left unsaid, RDS draws them by lot:
https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html"""


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """``identifier`` is explicit, for RDS names its log groups after it."""

    config: DatabaseConfig
    logs: Logs
    identifier: str
    protect: bool
    vpc_id: Input[str]
    subnet_ids: list[Output[str]]
    key_arn: Input[str]
    account_id: Input[str]
    region: str


class Database(ComponentResource):
    """One encrypted primary, reachable only from the security groups it was told to allow."""

    identifier: Output[str]
    arn: Output[str]
    address: Output[str]
    resource_id: Output[str]
    master_secret_arn: Output[str]
    own_secret_arn: Output[str] | None
    """The same where the stack rotates it; None where RDS does."""
    security_group_id: Output[str]
    hardened: "partial[aws.rds.Instance]"
    alarms: list[Alarm]

    def __init__(self, name: str, args: DatabaseArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:data:Database", name, None, opts)
        self._name, self._args = name, args
        config = args.config
        subnets = aws.rds.SubnetGroup(
            name, subnet_ids=args.subnet_ids, opts=ResourceOptions(parent=self)
        )
        self.security_group_id = aws.ec2.SecurityGroup(
            name,
            description="Postgres and its replicas",
            vpc_id=args.vpc_id,
            tags={"Name": name},
            opts=ResourceOptions(parent=self),
        ).id
        self.hardened = self._hardened_instance()
        own = (
            OwnPassword.make(
                self,
                name,
                key_arn=args.key_arn,
                account_id=args.account_id,
                recoverable=args.protect,
            )
            if config.owns_password()
            else None
        )
        primary = self.hardened(
            name,
            identifier=args.identifier,
            engine="postgres",
            engine_version=config.engine_version,
            engine_lifecycle_support="open-source-rds-extended-support-disabled",
            # The version changes only where the stack file says so.
            allow_major_version_upgrade=True,
            db_name=contract.NAME,
            username=contract.MASTER_USER,
            # RDS does not manage the password of a Postgres primary that has replicas:
            # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
            manage_master_user_password=None if own else True,
            master_user_secret_kms_key_id=None if own else args.key_arn,
            # Written once: RDS is sent it again only with another version of it, so no deploy
            # or refresh undoes a rotation.
            password_wo=own.first if own else None,
            password_wo_version=1 if own else None,
            allocated_storage=config.storage_gib,
            multi_az=config.multi_az,
            db_subnet_group_name=subnets.name,
            backup_retention_period=config.backup_days,
            backup_window=BACKUP_WINDOW,
            maintenance_window=MAINTENANCE_WINDOW,
            delete_automated_backups=not config.final_snapshot,
            skip_final_snapshot=not config.final_snapshot,
            final_snapshot_identifier=self._final_snapshot() if config.final_snapshot else None,
            opts=ResourceOptions(
                parent=self,
                protect=args.protect,
                depends_on=instance_logs.groups(
                    self, name, args.identifier, logs=args.logs, key_arn=args.key_arn
                ),
            ),
        )
        self.identifier, self.arn = primary.identifier, primary.arn
        self.address = primary.address
        self.resource_id = primary.resource_id
        managed = primary.master_user_secrets
        self.own_secret_arn = own.secret_arn if own else None
        self.master_secret_arn = self.own_secret_arn or managed[0].secret_arn
        self.alarms = list(instance_alarms(name, self.identifier, config))
        self.register_outputs(
            {
                "identifier": self.identifier,
                "address": self.address,
                "resource_id": self.resource_id,
                "master_secret_arn": self.master_secret_arn,
                "security_group_id": self.security_group_id,
            }
        )

    def allow_from(self, name: str, security_group_id: Input[str]) -> None:
        """Let the members of a security group connect, to the primary and its replicas."""
        allow_tcp(
            self,
            f"{self._name}-from-{name}",
            source=security_group_id,
            target=self.security_group_id,
            port=contract.PORT,
            purpose=f"Postgres from {name}",
        )

    def grant_connect(self, user: str) -> iam.Grant:
        """Let a function sign in to the primary as ``user`` with an IAM token."""
        return self.connect_grant("ConnectWriter", [self.resource_id], user)

    def grant_master(self) -> list[iam.Grant]:
        """Let a function read the master user's secret."""
        args = self._args
        return iam.read_secrets([self.master_secret_arn], args.key_arn, args.region)

    def grant_set_password(self) -> iam.Grant:
        """Let a function set the master user's password, which no action of its own does."""
        return iam.Grant(
            sid="MasterPassword",
            actions=["rds:ModifyDBInstance", "rds:DescribeDBInstances"],
            resources=[self.arn],
        )

    def connect_grant(self, sid: str, resource_ids: list[Output[str]], user: str) -> iam.Grant:
        """Sign in to instances or proxies by their resource ids.

        https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
        """
        return iam.Grant(
            sid=sid,
            actions=["rds-db:connect"],
            resources=[
                Output.format(
                    "arn:aws:rds-db:{0}:{1}:dbuser:{2}/{3}",
                    self._args.region,
                    self._args.account_id,
                    resource_id,
                    user,
                )
                for resource_id in resource_ids
            ],
        )

    def _hardened_instance(self) -> "partial[aws.rds.Instance]":
        config, key_arn = self._args.config, self._args.key_arn
        group = aws.rds.ParameterGroup(
            self._name,
            family=f"postgres{config.engine_version}",
            parameters=parameters(config.max_connections, behind_proxy=config.proxy),
            opts=ResourceOptions(parent=self),
        )
        return partial(
            aws.rds.Instance,
            instance_class=config.instance_class,
            apply_immediately=config.apply_immediately,
            max_allocated_storage=config.max_storage_gib or None,
            storage_type="gp3",
            # Larger gp3 volumes have these included. Unsaid, the provider sends the smaller one's
            # when it grows: https://github.com/hashicorp/terraform-provider-aws/issues/28382
            iops=12_000 if config.storage_gib >= STRIPED_GIB else None,
            storage_throughput=500 if config.storage_gib >= STRIPED_GIB else None,
            storage_encrypted=True,
            kms_key_id=key_arn,
            port=contract.PORT,
            parameter_group_name=group.name,
            vpc_security_group_ids=[self.security_group_id],
            publicly_accessible=False,
            iam_database_authentication_enabled=True,
            ca_cert_identifier="rds-ca-rsa2048-g1",
            auto_minor_version_upgrade=True,
            copy_tags_to_snapshot=True,
            deletion_protection=self._args.protect,
            enabled_cloudwatch_logs_exports=list(instance_logs.EXPORTS),
            monitoring_interval=config.monitoring_seconds,
            monitoring_role_arn=self._monitoring_role() if config.monitoring_seconds else None,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=key_arn,
            performance_insights_retention_period=INSIGHTS_DAYS[config.insights],
            database_insights_mode=config.insights,
        )

    def _monitoring_role(self) -> Output[str]:
        name = f"{self._name}-monitoring"
        role = aws.iam.Role(
            name,
            assume_role_policy=iam.service_trust(
                "monitoring.rds.amazonaws.com", self._args.account_id
            ),
            opts=ResourceOptions(parent=self),
        )
        attachment = aws.iam.RolePolicyAttachment(
            name,
            role=role.name,
            policy_arn="arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
            opts=ResourceOptions(parent=self),
        )
        return after(role.arn, attachment)

    def _final_snapshot(self) -> Output[str]:
        """A name no earlier instance used: RDS refuses to delete into an existing snapshot."""
        suffix = random.RandomId(
            f"{self._name}-final", byte_length=4, opts=ResourceOptions(parent=self)
        )
        return Output.format("{0}-final-{1}", self._args.identifier, suffix.hex)
