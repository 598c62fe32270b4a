"""Postgres on RDS: the primary, and who may connect to it."""

from dataclasses import dataclass
from functools import partial

import pulumi_aws as aws
import pulumi_random as random
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from components import iam
from components.alarm import Alarm
from components.api.function import Function
from components.context import Context
from components.data import instance_logs
from components.data.instance import hardened
from components.data.instance_alarms import instance_alarms
from components.data.master_password import OwnPassword, managed_secret_arn
from components.former import child_of
from components.security.flow import allow_tcp
from config.sections import Database as DatabaseConfig
from contract import database as contract


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """``identifier`` is explicit, for RDS names its log groups after it."""

    context: Context
    config: DatabaseConfig
    vpc_id: Input[str]
    subnet_ids: list[Output[str]]


class Database(ComponentResource):
    """One encrypted primary, reachable only from the security groups it was told to allow."""

    identifier: Output[str]
    arn: Output[str]
    address: Output[str]
    resource_id: Output[str]
    master_secret_arn: Output[str]
    own_secret_arn: Output[str] | None
    """The same where the stack rotates it; None where RDS does."""
    subnet_group: aws.rds.SubnetGroup
    security_group_id: Output[str]
    hardened: "partial[aws.rds.Instance]"
    alarms: list[Alarm]

    def __init__(self, name: str, args: DatabaseArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:data:Database", name, None, opts)
        self._name, self._args = name, args
        config = args.config
        self.subnet_group = aws.rds.SubnetGroup(
            name, subnet_ids=args.subnet_ids, opts=ResourceOptions(parent=self)
        )
        self.security_group_id = aws.ec2.SecurityGroup(
            name,
            description="Postgres and its replicas",
            vpc_id=args.vpc_id,
            tags={"Name": name},
            opts=ResourceOptions(parent=self),
        ).id
        self.hardened = hardened(
            self,
            name,
            config,
            args.context,
            security_group_id=self.security_group_id,
        )
        own = OwnPassword.make(self, name, args.context) if config.owns_password() else None
        primary = self._primary(self.subnet_group.name, own)
        self.identifier, self.arn = primary.identifier, primary.arn
        self.address = primary.address
        self.resource_id = primary.resource_id
        self.own_secret_arn = own.secret_arn if own else None
        self.master_secret_arn = self.own_secret_arn or managed_secret_arn(primary)
        self.alarms = list(instance_alarms(name, primary, config))
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

    def migrate_with(self, bootstrap: Function, digest: str) -> Resource:
        """Bring it to the version the code expects, which ``digest`` of all the SQL names; code
        that connects waits for what is returned.

        A deploy whose migration fails, fails; nothing runs it in a preview or on destroy. What is
        migrated already stays so, and a restored database has another resource id.
        """
        return aws.lambda_.Invocation(
            "migrations",
            function_name=bootstrap.name,
            qualifier=bootstrap.alias_name,
            input=Output.json_dumps({"digest": digest}),
            triggers={"sql": digest, "database": self.resource_id},
            lifecycle_scope="CREATE_ONLY",
            opts=ResourceOptions(
                parent=self, aliases=[child_of("ma-platform:data:Migrations", "migrations")]
            ),
        )

    def grant_connect(self, user: str) -> iam.Grant:
        """Let a function sign in to the primary as ``user`` with an IAM token."""
        return self.connect_grant("ConnectWriter", [self.resource_id], user)

    def grant_master(self) -> list[iam.Grant]:
        """Let a function read the master user's secret."""
        args = self._args
        return iam.read_secrets([self.master_secret_arn], args.context.key_arn, args.context.region)

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
        region, account_id = self._args.context.region, self._args.context.account_id
        return iam.Grant(
            sid=sid,
            actions=["rds-db:connect"],
            resources=[
                Output.format(
                    "arn:aws:rds-db:{0}:{1}:dbuser:{2}/{3}", region, account_id, id_, user
                )
                for id_ in resource_ids
            ],
        )

    def _primary(self, subnet_group: Input[str], own: OwnPassword | None) -> aws.rds.Instance:
        name, args, config = self._name, self._args, self._args.config
        return self.hardened(
            name,
            identifier=args.context.identifier,
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
            master_user_secret_kms_key_id=None if own else args.context.key_arn,
            # Written once: RDS is sent it again only with another version of it, so no deploy
            # or refresh undoes a rotation.
            password_wo=own.first if own else None,
            password_wo_version=1 if own else None,
            multi_az=config.multi_az,
            db_subnet_group_name=subnet_group,
            backup_retention_period=config.backup_days,
            backup_window=config.backup_window,
            delete_automated_backups=not config.final_snapshot,
            skip_final_snapshot=not config.final_snapshot,
            final_snapshot_identifier=self._final_snapshot() if config.final_snapshot else None,
            opts=ResourceOptions(
                parent=self,
                protect=args.context.protect,
                depends_on=instance_logs.groups(self, name, args.context.identifier, args.context),
            ),
        )

    def _final_snapshot(self) -> Output[str]:
        """A name no earlier instance used: RDS refuses to delete into an existing snapshot."""
        suffix = random.RandomId(
            f"{self._name}-final", byte_length=4, opts=ResourceOptions(parent=self)
        )
        return Output.format("{0}-final-{1}", self._args.context.identifier, suffix.hex)
