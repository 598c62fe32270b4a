"""What a workflow that deploys may declare, and what of the stack it touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import Input, Output

from components import iam
from components.edge import EDGE_REGION
from components.security.provider_calls import WRITES
from components.security.provider_reads import READS, TAGS
from components.security.state_access import state_statements
from config.sections import Delivery

STORES = (
    "cloudwatch",
    "dynamodb",
    "firehose",
    "kms",
    "logs",
    "rds",
    "s3",
    "scheduler",
    "secretsmanager",
    "sns",
    "sqs",
)
"""The other half of what is written: both do not fit into one policy."""

THROUGH = ("backup", "dynamodb", "lambda", "rds", "scheduler", "secretsmanager")
"""Services that use the key as the one who asks them to keep something under it."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What of this stack a deploy touches, besides what it declares. ``copy_region`` is that of its
    backups, if they are copied; ``maps_arn`` is that of all source maps; ``zone_id`` that of its
    names, if they are in Route 53; ``trail_arns`` are of the log groups of its trail."""

    account_id: Input[str]
    region: str
    copy_region: str | None = None
    boundary_arn: Input[str]
    key_arns: Sequence[Input[str]]
    called_arns: Sequence[Input[str]]
    site_bucket: Input[str]
    maps_arn: Input[str]
    zone_id: str | None = None
    audit_arns: Sequence[Input[str]]
    trail_arns: Sequence[Input[str]]


def reads(reach: Reach) -> list[iam.Statement]:
    """Look at every setting, in the Regions the platform is in."""
    return [_in_regions("Read", READS, reach)]


def writes(reach: Reach) -> dict[str, list[iam.Statement]]:
    """Declare every kind of resource: the names are drawn, so Regions bound it, and the guard."""
    found: dict[str, set[str]] = {service: set(tags.split()) for service, tags in TAGS.items()}
    for calls in WRITES.values():
        for service, actions in calls.items():
            found.setdefault(service, set()).update(actions.split())
    rows = {service: " ".join(sorted(actions)) for service, actions in sorted(found.items())}
    return {
        "stores": [_in_regions("Write", {s: a for s, a in rows.items() if s in STORES}, reach)],
        "servers": [
            _in_regions("Write", {s: a for s, a in rows.items() if s not in STORES}, reach)
        ],
    }


def own(config: Delivery, reach: Reach) -> list[iam.Statement]:
    """The stack's key, migrations, releases and state."""
    regions = [region for region in (reach.region, reach.copy_region) if region]
    through = [f"{service}.{region}.amazonaws.com" for region in regions for service in THROUGH]
    site = Output.concat("arn:aws:s3:::", reach.site_bucket)
    return [
        iam.allow(
            "Key",
            # A vault gives back the grant it was made with.
            actions=["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:RetireGrant"],
            resources=reach.key_arns,
            conditions={"StringEquals": {"kms:ViaService": through}},
        ),
        iam.allow(
            "KeyGrants",
            actions=["kms:CreateGrant"],
            resources=reach.key_arns,
            conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
        ),
        # https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html
        iam.allow("Vaults", actions=["backup-storage:MountCapsule"], resources=["*"]),
        iam.allow(
            "Calls",
            actions=["lambda:InvokeFunction"],
            resources=[*reach.called_arns, *(Output.concat(a, ":*") for a in reach.called_arns)],
        ),
        iam.allow(
            "Releases",
            actions=[
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:GetObjectTagging",
                "s3:PutObject",
                "s3:PutObjectTagging",
            ],
            resources=[Output.concat(site, "/*")],
        ),
        # Written and deleted with their release, read by nobody who only deploys.
        iam.allow(
            "SourceMaps",
            actions=["s3:DeleteObject", "s3:PutObject"],
            resources=[reach.maps_arn],
        ),
        iam.allow(
            "SourceMapsKey",
            actions=["kms:GenerateDataKey"],
            resources=reach.key_arns,
            conditions={"StringEquals": {"kms:ViaService": f"s3.{reach.region}.amazonaws.com"}},
        ),
        *state_statements(config, write=True, key=["kms:Decrypt", "kms:Encrypt"]),
    ]


def _in_regions(sid: str, rows: Mapping[str, str], reach: Reach) -> iam.Statement:
    regions = {region for region in (reach.region, EDGE_REGION, reach.copy_region) if region}
    return iam.allow(
        sid,
        actions=[f"{service}:{action}" for service, row in rows.items() for action in row.split()],
        resources=["*"],
        # Global services answer for us-east-1.
        conditions={"StringEquals": {"aws:RequestedRegion": sorted(regions)}},
    )
