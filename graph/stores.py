"""What holds data that is nowhere else."""

from typing import Final

from graph.model import UNKNOWN, Resource, Unknown

TABLE: Final = "aws:dynamodb/table:Table"
STORES: Final = {
    "aws:backup/vault:Vault": "its snapshots",
    "aws:cognito/userPool:UserPool": "its accounts",
    TABLE: "its items",
    "aws:kms/key:Key": "all that was encrypted under it",
    "aws:rds/instance:Instance": "its databases",
    "aws:s3/bucket:Bucket": "its objects",
    "aws:secretsmanager/secret:Secret": "its values",
}
"""By type, what goes with it."""


def holds_data(resource: Resource) -> bool:
    """Whether what it has is nowhere else: a replica's is its primary's, and a table whose items
    expire keeps none."""
    own = not resource.external and "replicateSourceDb" not in resource.inputs
    return own and resource.type in STORES and expires(resource) is not True


def expires(resource: Resource) -> bool | Unknown:
    """Whether it is a table that forgets by itself.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
    """
    ttl = resource.inputs.get("ttl") if resource.type == TABLE else None
    said = ttl.get("enabled") if isinstance(ttl, dict) else ttl
    return UNKNOWN if said is UNKNOWN else said is True
