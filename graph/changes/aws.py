"""What AWS, or Pulumi's engine, says of a change beside carrying it out.

A row says of which type it is, when it holds, and where that is documented. Of what a property
does the provider's plan knows more: ``provider``.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from graph.changes import stores
from graph.changes.model import ABSENT, Change, Difference, Kind, Risk
from graph.model import Data
from graph.stores import TABLE, expires, holds_data

RDS: Final = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html"
RDS_SETTINGS: Final = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html"
)
CLASS: Final = "https://repost.aws/knowledge-center/rds-performance-impact"

INSTANCE: Final = "aws:rds/instance:Instance"
PROXY: Final = "aws:rds/proxy:Proxy"
SUBNETS: Final = "aws:rds/subnetGroup:SubnetGroup"
POOL: Final = "aws:cognito/userPool:UserPool"
DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"

WEB_ACL: Final = "aws:wafv2/webAcl:WebAcl"
PLAN: Final = "aws:pricingplanmanager/subscription:Subscription"
TIERS: Final = ("FREE", "PRO", "BUSINESS", "PREMIUM")
PLANS: Final = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html"
)
IN_TWO: Final = (
    "the firewall is changed before it, and AWS WAF refuses what the plan of that moment lacks. "
    "Deploy once with edge.firewall.plan as the plan was, then without"
)

Holds = Callable[[Change], str | None]
Says = Callable[[Change], str]


class Row(NamedTuple):
    """Holds of a type when ``holds`` has something to say; ``when`` and ``lasts`` as in a Risk."""

    kind: Kind
    type: str
    holds: Holds
    source: str
    when: Says = lambda _: ""
    lasts: Says = lambda _: ""


def risks(change: Change) -> Iterator[Risk]:
    """All that is to be said of a change."""
    yield from stores.risks(change)
    for row in ROWS:
        if row.type == change.resource.type:
            message = row.holds(change)
            if message is not None:
                when, lasts = row.when(change), row.lasts(change)
                yield Risk(row.kind, message, row.source, when=when, lasts=lasts)


def together(changes: Sequence[Change]) -> Iterator[tuple[Change, Risk]]:
    """What AWS says of two changes that are right one after the other."""
    acls = {c.after.urn: c for c in changes if c.after and c.after.type == WEB_ACL and c.before}
    for change in changes:
        plan, raised = change.after, _raised(change)
        if plan is None or plan.type != PLAN or raised is None:
            continue
        for urn in plan.property_dependencies.get("resourceArns", ()):
            if urn in acls:
                yield acls[urn], Risk("refused", f"{raised}: {IN_TWO}", PLANS)


def _raised(change: Change) -> str | None:
    """From what to what, where a plan goes up."""
    each = _changed(change, "planTier")
    if each and each.old in TIERS and each.new in TIERS[TIERS.index(each.old) + 1 :]:
        return f"the plan goes from {each.old} to {each.new}"
    return None


def _forgets(change: Change) -> str | None:
    before, after = change.before, change.after
    kept = (
        before is not None and after is not None and holds_data(before) and expires(after) is True
    )
    return "its items expire from now on, those that are there too" if kept else None


def _changed(change: Change, path: str) -> Difference | None:
    return next((each for each in change.properties if each.path == path), None)


def _lowered(path: str, message: str) -> Holds:
    def when(change: Change) -> str | None:
        each = _changed(change, path)
        return f"{path} {each.old} to {each.new}: {message}" if each and _less(each) else None

    return when


def _less(each: Difference) -> bool:
    return isinstance(each.old, int) and isinstance(each.new, int) and each.new < each.old


def _fewer(path: str, message: str) -> Holds:
    def when(change: Change) -> str | None:
        each = _changed(change, path)
        both = each and isinstance(each.old, list) and isinstance(each.new, list)
        return f"{path}: {message}" if each and both and len(each.new) < len(each.old) else None

    return when


def _to(path: str, value: Data, message: str) -> Holds:
    def when(change: Change) -> str | None:
        each = _changed(change, path)
        return message if each and each.new == value else None

    return when


def _any(message: str, *paths: str) -> Holds:
    def when(change: Change) -> str | None:
        found = [each.path for each in change.properties if _general(each.path) in paths]
        return f"{', '.join(found)}: {message}" if found and "update" in change.kinds else None

    return when


def _general(path: str) -> str:
    return path.partition("[")[0]


def _made_anew(message: str) -> Holds:
    return lambda change: message if "replace" in change.kinds else None


def _moment(change: Change) -> str:
    """An instance says when: at once, or in its window."""
    inputs = change.resource.inputs
    if inputs.get("applyImmediately") is True:
        return "at once"
    window = inputs.get("maintenanceWindow", "that AWS chose")
    return f"in the maintenance window {window} (UTC)"


def _major(change: Change) -> str | None:
    each = _changed(change, "engineVersion")
    if each is None or ABSENT in (each.old, each.new):
        return None
    old, new = (_version(value) for value in (each.old, each.new))
    if new < old:
        return f"engineVersion {each.old} to {each.new}: RDS upgrades only"
    if old[:1] != new[:1] and change.resource.inputs.get("allowMajorVersionUpgrade") is not True:
        return f"engineVersion {each.old} to {each.new}: allowMajorVersionUpgrade is not on"
    return None


def _failover(change: Change) -> str:
    """How long a change of class takes where there is a standby; elsewhere it is as long as a
    database takes to recover, of which AWS gives no figure."""
    inputs = (each.inputs for each in (change.before, change.after) if each)
    both = all(each.get("multiAz") is True for each in inputs)
    return "60 to 120 seconds as a rule: a failover" if both else ""


def _version(value: Data) -> tuple[int, ...]:
    return tuple(int(part) for part in str(value).split(".") if part.isdigit())


def _managed_key(change: Change) -> str | None:
    if _changed(change, "masterUserSecretKmsKeyId") is None or "update" not in change.kinds:
        return None
    both = (each.inputs for each in (change.before, change.after) if each)
    managed = all(inputs.get("manageMasterUserPassword") is True for inputs in both)
    said = "masterUserSecretKmsKeyId: RDS does not change it while it manages the password"
    return said if managed else None


def _schemas(change: Change) -> str | None:
    each = next((e for e in change.properties if _general(e.path) == "schemas"), None)
    if each is None:
        return None
    added = isinstance(each.new, list) and isinstance(each.old, list)
    if added and all(item in each.new for item in each.old):
        return None
    return "schemas: an attribute of a user pool can be added, and neither changed nor removed"


def _attribute_types(change: Change) -> str | None:
    path = next((e.path for e in change.properties if e.path.endswith("].type")), None)
    return f"{path}: the provider plans nothing, and the table keeps the old type" if path else None


def _lock(change: Change) -> str | None:
    each = _changed(change, "rule.defaultRetention.days")
    if each is None or not _less(each):
        return None
    message = "what is locked already stays locked as long, behind delete markers"
    return f"{each.path} {each.old} to {each.new}: {message}"


COGNITO: Final = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference"

ROWS: Final[tuple[Row, ...]] = (
    Row(
        "refused",
        INSTANCE,
        _lowered("allocatedStorage", "RDS cannot shrink storage"),
        RDS_SETTINGS,
    ),
    Row("refused", INSTANCE, _major, RDS),
    Row(
        "refused",
        INSTANCE,
        _managed_key,
        RDS,
    ),
    Row(
        "interrupts",
        INSTANCE,
        _any("the instance is away", "instanceClass"),
        CLASS,
        when=_moment,
        lasts=_failover,
    ),
    Row(
        "interrupts",
        INSTANCE,
        _any("the instance is away", "engineVersion", "dbSubnetGroupName"),
        RDS,
        when=_moment,
    ),
    Row(
        "interrupts",
        INSTANCE,
        _any("the instance restarts", "identifier", "caCertIdentifier"),
        RDS,
        when=_moment,
    ),
    Row(
        "interrupts",
        INSTANCE,
        _any("the database restarts", "port"),
        RDS,
        when=lambda _: "at once",
    ),
    Row(
        "interrupts",
        INSTANCE,
        _any("static parameters wait for a restart by hand", "parameterGroupName"),
        RDS,
    ),
    Row(
        "refused",
        SUBNETS,
        _fewer("subnetIds", "RDS keeps one that the database, its standby or a replica is in"),
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html",
    ),
    Row(
        "interrupts",
        PROXY,
        _made_anew("its address is another, and connections through it end"),
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBProxy.html",
    ),
    Row("refused", POOL, _schemas, f"{COGNITO}/API_UpdateUserPool.html"),
    Row(
        "interrupts",
        POOL,
        _to("mfaConfiguration", "ON", "nobody signs in before they set a second factor"),
        f"{COGNITO}/API_SetUserPoolMfaConfig.html",
    ),
    Row(
        "interrupts",
        "aws:cognito/userPoolClient:UserPoolClient",
        _made_anew("the client's id is another: nobody signs in through the old one"),
        f"{COGNITO}/API_DeleteUserPoolClient.html",
    ),
    Row(
        "interrupts",
        "aws:cognito/userPoolDomain:UserPoolDomain",
        _made_anew("the sign-in pages move to another address"),
        f"{COGNITO}/API_UpdateUserPoolDomain.html",
    ),
    Row(
        "interrupts",
        TABLE,
        _any("an index is deleted and built again, and queries fail", "globalSecondaryIndexes"),
        "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html",
    ),
    Row(
        "interrupts",
        TABLE,
        _any("the stream is another: what reads it begins anew", "streamEnabled", "streamViewType"),
        "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html",
    ),
    Row(
        "loses",
        TABLE,
        _forgets,
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
    ),
    Row(
        "refused",
        TABLE,
        _attribute_types,
        "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html",
    ),
    Row(
        "interrupts",
        DISTRIBUTION,
        lambda change: (
            "rolled out to all edges, each serves the former settings until then"
            if _shows(change)
            else None
        ),
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowToUpdateDistribution.html",
    ),
    Row(
        "interrupts",
        "aws:cloudwatch/logGroup:LogGroup",
        _made_anew("the log so far is deleted"),
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html",
    ),
    Row(
        "interrupts",
        "aws:cloudtrail/trail:Trail",
        _to("enableLogging", False, "nothing is recorded any more"),
        "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopLogging.html",
    ),
    Row(
        "interrupts",
        "aws:kms/key:Key",
        _to("isEnabled", False, "nothing under it can be read"),
        "https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html",
    ),
    Row(
        "refused",
        "aws:s3/bucketVersioning:BucketVersioning",
        _to("versioningConfiguration.status", "Suspended", "a locked bucket stays versioned"),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html",
    ),
    Row(
        "refused",
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        _lock,
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html",
    ),
    Row(
        "interrupts",
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        _made_anew("between the old lock and the new one the vault has none"),
        "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_DeleteBackupVaultLockConfiguration.html",
    ),
    Row(
        "refused",
        PLAN,
        lambda change: (
            "a paid plan ends with its month, and covers the distribution until then"
            if {"delete", "replace"} & {*change.kinds}
            else None
        ),
        "https://docs.aws.amazon.com/pricing-plan-manager/latest/APIReference/API_CancelSubscription.html",
    ),
    Row(
        "interrupts",
        "aws:sqs/queue:Queue",
        _lowered("messageRetentionSeconds", "what is older is deleted"),
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html",
    ),
)


def _shows(change: Change) -> bool:
    return "update" in change.kinds and any(e.verdict == "updates" for e in change.properties)
