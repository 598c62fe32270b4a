"""The database and what stands in front of it."""

from hashlib import sha256

from contract.function import Function
from contract.settings import Setting
from tests.overrides.row import Row, each


def knows_readers(spec: Function) -> bool:
    return Setting.DB_READER_HOSTS in spec.settings


def reads_from_readers(spec: Function) -> bool:
    return knows_readers(spec) and spec.name not in ("relay", "restored")


def through_the_proxy(spec: Function) -> bool:
    """Migrations and jobs go past it."""
    return spec.connects and spec.name not in ("migrate", "maintenance")


PLACED = sha256(b"10.0.0.0/18 10.0.64.0/18").hexdigest()[:6]
"""A proxy is called after its subnets, too."""
OWN_MASTER = """random.RandomPassword database-master
    secretsmanager.Secret database-master
    secretsmanager.SecretPolicy database-master
    secretsmanager.SecretRotation rotation-master"""
OWN_MASTER_KNOWN = """rds.Instance database
    iam.RolePolicy bootstrap
    lambda.Function bootstrap
    iam.RolePolicy rotation
    lambda.Function rotation
    lambda.Invocation rotation-seed"""

ROWS: dict[str, Row] = {
    "one replica": (
        {"database": {"replicas": 1}},
        f"""{OWN_MASTER}
        ma-platform.Replicas replicas
        rds.Instance replicas-1
        cloudwatch.LogGroup replicas-1-postgresql
        cloudwatch.LogGroup replicas-1-upgrade""",
        f"""{each("lambda.Function", knows_readers)}
        {each("iam.RolePolicy", reads_from_readers)}
        {OWN_MASTER_KNOWN}""",
        "",
    ),
    "two replicas": (
        {"database": {"replicas": 2}},
        f"""{OWN_MASTER}
        ma-platform.Replicas replicas
        rds.Instance replicas-1
        rds.Instance replicas-2
        cloudwatch.LogGroup replicas-1-postgresql
        cloudwatch.LogGroup replicas-1-upgrade
        cloudwatch.LogGroup replicas-2-postgresql
        cloudwatch.LogGroup replicas-2-upgrade""",
        f"""{each("lambda.Function", knows_readers)}
        {each("iam.RolePolicy", reads_from_readers)}
        {OWN_MASTER_KNOWN}""",
        "",
    ),
    "proxy": (
        {"database": {"proxy": True}},
        f"""ma-platform.Proxy proxy
        rds.Proxy proxy-{PLACED}
        rds.ProxyDefaultTargetGroup proxy-{PLACED}
        rds.ProxyTarget proxy-{PLACED}
        cloudwatch.LogGroup proxy-{PLACED}
        ec2.SecurityGroup proxy
        iam.Role proxy
        iam.RolePolicy proxy
        vpc.SecurityGroupEgressRule database-from-proxy-out
        vpc.SecurityGroupIngressRule database-from-proxy-in
        vpc.SecurityGroupEgressRule proxy-from-functions-out
        vpc.SecurityGroupIngressRule proxy-from-functions-in""",
        f"""{each("lambda.Function", through_the_proxy)}
        {each("iam.RolePolicy", through_the_proxy)}
        rds.ParameterGroup database""",
        "",
    ),
    "final snapshot": (
        {"database": {"final_snapshot": True}},
        "random.RandomId database-final",
        "rds.Instance database",
        "",
    ),
    "windows": (
        {"database": {"backup_window": "22:00-23:00", "maintenance_window": "sun:23:30-mon:00:30"}},
        "",
        "rds.Instance database",
        "",
    ),
    "instance class": (
        {"database": {"instance_class": "db.r8g.large"}},
        "",
        """rds.Instance database
        cloudwatch.MetricAlarm database-memory""",
        "",
    ),
}
