"""RDS Proxy: shares the writer's connections between functions. It serves no replica."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import pulumi_aws as aws
from pulumi import Alias, ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.alarm import Alarm, Metric, Priority
from components.context import Context
from components.data.database import Database
from components.ordering import after
from components.security.flow import allow_tcp
from contract import database as contract

IDLE_SECONDS = 1800
SHARE_PERCENT = 80
"""Of the database's connections the proxy may hold so many."""
PINNED_PERCENT = 5
"""Of those, before sharing suffers."""
BORROW_SECONDS = 5
"""As long as a function waits for a connection at all."""


@dataclass(frozen=True, kw_only=True)
class ProxyArgs:
    """``networks`` are the addresses of the subnets, by which these are known."""

    context: Context
    database: Database
    vpc_id: Input[str]
    subnet_ids: list[Output[str]]
    max_connections: int
    networks: Sequence[str]


class Proxy(ComponentResource):
    """Signs in to the writer with IAM as whoever signed in to it, so it holds no secret.

    RDS does not change a proxy's subnets. In others it is another proxy, with a name, a log and a
    target of its own, and the one before goes when nothing is told of it any more:
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBProxy.html
    """

    address: Output[str]
    security_group_id: Output[str]
    alarms: list[Alarm]

    def __init__(self, name: str, args: ProxyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:data:Proxy", name, None, opts)
        self._name, self._database = name, args.database
        child = ResourceOptions(parent=self)
        there = f"{name}-{_digest(args.networks)}"
        called = f"{args.context.identifier}-{_digest(args.networks)}"
        former = ResourceOptions(parent=self, aliases=[Alias(name=name)])
        # One that was made when its name was the stack's keeps it.
        named = ResourceOptions.merge(former, ResourceOptions(ignore_changes=["name"]))
        group = aws.cloudwatch.LogGroup(
            there,
            # RDS would else make it, by this name.
            name=f"/aws/rds/proxy/{called}",
            retention_in_days=args.context.logs.retention_days,
            kms_key_id=args.context.key_arn,
            opts=named,
        )
        self.security_group_id = aws.ec2.SecurityGroup(
            name, description="RDS Proxy", vpc_id=args.vpc_id, tags={"Name": name}, opts=child
        ).id
        args.database.allow_from("proxy", self.security_group_id)
        role, policy = self._role(args)
        proxy = aws.rds.Proxy(
            there,
            name=called,
            engine_family="POSTGRESQL",
            # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html
            default_auth_scheme="IAM_AUTH",
            require_tls=True,
            debug_logging=False,
            idle_client_timeout=IDLE_SECONDS,
            role_arn=role.arn,
            vpc_subnet_ids=args.subnet_ids,
            vpc_security_group_ids=[self.security_group_id],
            opts=ResourceOptions.merge(named, ResourceOptions(depends_on=[group, policy])),
        )
        targets = aws.rds.ProxyDefaultTargetGroup(
            there,
            db_proxy_name=proxy.name,
            connection_pool_config={
                # Migrations, jobs, replicas and people connect past the proxy.
                "max_connections_percent": SHARE_PERCENT,
                "connection_borrow_timeout": BORROW_SECONDS,
            },
            opts=former,
        )
        target = aws.rds.ProxyTarget(
            there,
            db_proxy_name=proxy.name,
            target_group_name=targets.name,
            db_instance_identifier=args.database.identifier,
            opts=former,
        )
        # Without a target it refuses who connects.
        self.address = after(proxy.endpoint, target)
        self._resource_id = proxy.arn.apply(lambda arn: arn.rsplit(":", 1)[-1])
        self.alarms = [_pinned(name, proxy.name, args.max_connections)]
        self.register_outputs(
            {"address": self.address, "security_group_id": self.security_group_id}
        )

    def allow_from(self, name: str, security_group_id: Input[str]) -> None:
        """Let the members of a security group connect."""
        allow_tcp(
            self,
            f"{self._name}-from-{name}",
            source=security_group_id,
            target=self.security_group_id,
            port=contract.PROXY_PORT,
            purpose=f"Postgres through the proxy from {name}",
        )

    def grant_connect(self, user: str) -> iam.Grant:
        """Let a function sign in to the proxy as ``user`` with an IAM token."""
        return self._database.connect_grant("ConnectWriter", [self._resource_id], user)

    def _role(self, args: ProxyArgs) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        role = aws.iam.Role(
            self._name,
            assume_role_policy=iam.service_trust("rds.amazonaws.com", args.context.account_id),
            opts=ResourceOptions(parent=self),
        )
        sign_in = args.database.grant_connect(contract.APP_USER)
        policy = aws.iam.RolePolicy(
            self._name,
            role=role.id,
            policy=iam.document([sign_in.statement()]),
            opts=ResourceOptions(parent=self),
        )
        return role, policy


def _digest(networks: Sequence[str]) -> str:
    return sha256(" ".join(sorted(networks)).encode()).hexdigest()[:6]


def _pinned(name: str, proxy_name: Output[str], max_connections: int) -> Alarm:
    return Alarm(
        name=f"{name}-pinned",
        issue="outage",
        priority=Priority.DEGRADED,
        metrics={
            "m": Metric(
                namespace="AWS/RDS",
                name="DatabaseConnectionsCurrentlySessionPinned",
                dimensions={"ProxyName": proxy_name},
                statistic="Maximum",
            )
        },
        threshold=max_connections * SHARE_PERCENT * PINNED_PERCENT // 10_000,
        action=f"{PINNED_PERCENT} % of the proxy's connections serve one session each. Nothing the "
        "platform sends pins, so look at what was deployed last for SET, prepared statements, "
        "cursors, temporary tables or session locks, and take it back.",
    )
