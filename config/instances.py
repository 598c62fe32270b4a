"""Memory of RDS instance classes, which CloudWatch reports the free part of only."""

_GIB = {
    "db.t4g.micro": 1,
    "db.t4g.small": 2,
    "db.t4g.medium": 4,
    "db.t4g.large": 8,
    "db.m7g.large": 8,
    "db.m7g.xlarge": 16,
    "db.m8g.large": 8,
    "db.m8g.xlarge": 16,
    "db.r7g.large": 16,
    "db.r7g.xlarge": 32,
    "db.r7g.2xlarge": 64,
    "db.r8g.large": 16,
    "db.r8g.xlarge": 32,
    "db.r8g.2xlarge": 64,
    "db.r8g.4xlarge": 128,
}
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html"""

KNOWN = tuple(_GIB)


def memory_bytes(instance_class: str) -> int:
    """Memory in bytes. Raises KeyError for a class that is not KNOWN."""
    return _GIB[instance_class] * 1024**3


def most_connections(instance_class: str) -> int:
    """What RDS itself would set, of the whole memory: of it Postgres has a little less.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
    """
    return min(memory_bytes(instance_class) // 9_531_392, 5000)


def burstable(instance_class: str) -> bool:
    """Whether the class spends CPU credits, and bills those it does not have."""
    return instance_class.startswith("db.t")
