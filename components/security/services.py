"""The AWS services that act by themselves: with the key, and on topics encrypted under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Input, Output

from components import iam

Conditions = Mapping[str, Mapping[str, str]]

OWN_ACCOUNT: Conditions = {"StringEquals": {"aws:SourceAccount": "{account}"}}


@dataclass(frozen=True, kw_only=True)
class Service:
    """One row: what the service does with the key, and where AWS says what it needs for that.

    ``scope`` is whom it must be acting for, as far as the service tells; {account} and {region}
    are the key's.
    """

    why: str
    source: str
    actions: Sequence[str] = ("kms:Decrypt", "kms:GenerateDataKey*")
    scope: Conditions = field(default_factory=lambda: OWN_ACCOUNT)
    publishes: bool = False


SERVICES: Mapping[str, Service] = {
    "logs.{region}.amazonaws.com": Service(
        why="log groups",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        actions=(
            "kms:Encrypt",
            "kms:Decrypt",
            "kms:ReEncrypt*",
            "kms:GenerateDataKey*",
            "kms:Describe*",
        ),
        scope={
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:{region}:{account}:log-group:*"
            }
        },
    ),
    "cloudwatch.amazonaws.com": Service(
        why="alarms, to topics",
        source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        publishes=True,
    ),
    "budgets.amazonaws.com": Service(
        why="budget alerts, to topics",
        source="https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html",
        publishes=True,
    ),
    "events.rds.amazonaws.com": Service(
        why="database events, to topics",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html",
        publishes=True,
    ),
    "backup.amazonaws.com": Service(
        why="notices of a vault, to its topic",
        source="https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html",
    ),
}
"""By principal. Who publishes to a topic needs the topic's key too, so both policies are rendered
from here."""


def key_statements(account_id: Input[str], region: str) -> list[iam.Statement]:
    """Let each service use a key of this account and Region, as far as its row goes."""
    return [
        iam.allow(
            _sid(principal),
            actions=service.actions,
            resources=["*"],
            principal={"Service": principal.format(region=region)},
            conditions=_rendered(service.scope, account_id, region) or None,
        )
        for principal, service in SERVICES.items()
    ]


def publish_statements(
    topic_arn: Input[str], account_id: Input[str], region: str
) -> list[iam.Statement]:
    """Let the publishers among them publish to a topic of this account and Region."""
    return [
        iam.allow(
            _sid(principal),
            actions=["sns:Publish"],
            resources=[topic_arn],
            principal={"Service": principal.format(region=region)},
            conditions=_rendered(OWN_ACCOUNT, account_id, region),
        )
        for principal, service in SERVICES.items()
        if service.publishes
    ]


def _sid(principal: str) -> str:
    """``EventsRds`` of ``events.rds.amazonaws.com``."""
    name = principal.removesuffix(".amazonaws.com").replace(".{region}", "")
    return name.title().replace(".", "").replace("-", "")


def _rendered(
    conditions: Conditions, account_id: Input[str], region: str
) -> dict[str, dict[str, Output[str]]]:
    return {
        operator: {
            key: Output.format(value, account=account_id, region=region)
            for key, value in keys.items()
        }
        for operator, keys in conditions.items()
    }
