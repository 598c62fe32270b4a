"""Rules for how Postgres is reached, and by whom."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Resource
from policies.paths import values
from policies.predicates import ABSENT, NOT_ON, ON, between, items_at_least
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.data.database import INSTANCE, primary
from policies.rules.security.groups import GROUP, INGRESS
from policies.rules.security.secrets import ROTATION
from policies.stack import Stack

PROXY: Final = "aws:rds/proxy:Proxy"
POOL: Final = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup"
SUBNETS: Final = "aws:rds/subnetGroup:SubnetGroup"
CLUSTER: Final = "aws:rds/cluster:Cluster"

_proxy = partial(Property, type=PROXY)

ROWS: Final[tuple[Rule, ...]] = (
    _proxy(
        name="proxy-over-tls",
        path="requireTls",
        must=ON,
        controls=["7.24"],
        fix="set requireTls to true",
    ),
    _proxy(
        name="proxy-silent-about-statements",
        path="debugLogging",
        must=NOT_ON,
        controls=["7.25"],
        fix="set debugLogging to false: it writes statements with their values",
    ),
    _proxy(
        name="proxy-idle-clients-cut",
        path="idleClientTimeout",
        must=between(1, 1800),
        controls=["7.25"],
        fix="set idleClientTimeout to half an hour or less",
    ),
    Property(
        name="proxy-borrows-briefly",
        type=POOL,
        path="connectionPoolConfig.connectionBorrowTimeout",
        must=between(1, 30),
        controls=["7.25"],
        fix="set connectionBorrowTimeout below the API's 30 seconds",
    ),
    Property(
        name="proxy-leaves-connections",
        type=POOL,
        path="connectionPoolConfig.maxConnectionsPercent",
        must=between(1, 90),
        controls=["7.25"],
        fix="leave a tenth of the connections to migrations and to people",
    ),
    Property(
        name="database-password-not-stored",
        type=INSTANCE,
        path="password",
        must=ABSENT,
        controls=["7.23"],
        fix="use passwordWo, or manageMasterUserPassword: password stays in the state",
    ),
    Property(
        name="database-subnets-in-zones",
        type=SUBNETS,
        path="subnetIds",
        must=items_at_least(2),
        controls=["7.2"],
        fix="name subnets in two zones or more: RDS asks for them even where one would do",
    ),
)


@rule("7.25", fix="set defaultAuthScheme to IAM_AUTH, or auths[].iamAuth to REQUIRED")
def proxy_signs_in_by_iam(stack: Stack) -> Iterator[Judgement]:
    """A proxy lets in those whom IAM allows, and no password."""
    for proxy in stack.of(PROXY):
        scheme = proxy.inputs.get("defaultAuthScheme")
        asked = set(values(proxy.inputs, "auths[*].iamAuth"))
        if scheme == "IAM_AUTH" or asked == {"REQUIRED"}:
            yield met(proxy)
        elif UNKNOWN in (scheme, *asked):
            yield undecided(proxy, "how it signs in")
        else:
            yield violated(proxy, "lets in by password")


@rule("7.23", fix="set manageMasterUserPassword to true, or give passwordWo from a secret")
def master_password_kept(stack: Stack) -> Iterator[Judgement]:
    """A secret holds the master password: RDS's own, or one of the stack's that rotates."""
    for instance in filter(primary, stack.of(INSTANCE)):
        managed = instance.inputs.get("manageMasterUserPassword")
        if managed is True or ("passwordWo" in instance.inputs and stack.of(ROTATION)):
            yield met(instance)
        elif managed is UNKNOWN:
            yield undecided(instance, "manageMasterUserPassword")
        else:
            yield violated(instance, "no secret holds its password")


@rule("7.3", fix="set masterUserSecretKmsKeyId to the platform's key")
def master_secret_under_own_key(stack: Stack) -> Iterator[Judgement]:
    """The secret that RDS keeps is under the platform's key."""
    for instance in stack.of(INSTANCE):
        if instance.inputs.get("manageMasterUserPassword") is True:
            given = "masterUserSecretKmsKeyId" in instance.inputs
            yield met(instance) if given else violated(instance, "is under Secrets Manager's key")


@rule("6.5", "7.1", fix="let in the security group of what connects, on the database's port")
def database_reached_from_inside(stack: Stack) -> Iterator[Judgement]:
    """Only security groups of the stack reach an instance or a proxy, and only on its port."""
    for store in stack.of(INSTANCE, PROXY, CLUSTER):
        groups = stack.targets(store, "vpcSecurityGroupIds[*]", GROUP)
        ways = [way for g in groups for way in stack.companions(g, INGRESS, "securityGroupId")]
        others = [
            way
            for way in ways
            if not stack.targets(way, "referencedSecurityGroupId", GROUP)
            or not _on(way, store.inputs.get("port"))
        ]
        if others:
            yield violated(store, f"{others[0].label} lets others in")
        else:
            yield met(store) if ways else violated(store, "no security group lets anything in")


def _on(way: Resource, port: object) -> bool:
    """Whether it opens that port alone, if one is given and known."""
    ends = (way.inputs.get("fromPort"), way.inputs.get("toPort"))
    return port is None or UNKNOWN in (*ends, port) or ends == (port, port)


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    proxy_signs_in_by_iam,
    master_password_kept,
    master_secret_under_own_key,
    database_reached_from_inside,
)
