"""The bucket of what was done, in which nothing can be changed and nothing deleted early."""

from dataclasses import dataclass

from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.context import Context
from components.data.bucket import LifecycleRule, Lock, PrivateBucket, PrivateBucketArgs
from components.ordering import after
from components.security import trail_access
from config.sections import Audit
from contract.audit import ANCHORS, FAILED, LINES, TRAIL


@dataclass(frozen=True, kw_only=True)
class AuditArchiveArgs:
    """``trail_arn`` is the trail's that delivers here, where this stack has one.

    Without ``protect`` the bucket is emptied and deleted with its stack: the provider bypasses
    governance. With it that takes a deploy without it first, and nobody bypasses anything.
    """

    context: Context
    config: Audit
    logs_bucket: Input[str]
    trail_arn: Input[str] | None


class AuditArchive(ComponentResource):
    """Each object is locked when it comes, for as long as it is kept."""

    bucket: Output[str]
    arn: Output[str]

    def __init__(
        self, name: str, args: AuditArchiveArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:security:AuditArchive", name, None, opts)
        self._args = args
        days = args.config.retention_days
        bucket = PrivateBucket(
            name,
            PrivateBucketArgs(
                protect=args.context.protect,
                # S3 deletes no version before its lock is over, whatever the rule says.
                noncurrent_days=1,
                key_arn=args.context.key_arn,
                logs_bucket=args.logs_bucket,
                rules=[_expiry(prefix, days) for prefix in (LINES, FAILED, TRAIL)],
                lock=Lock(mode=args.config.mode, days=days),
            ),
            ResourceOptions(parent=self),
        )
        statements = [_nobody_bypasses(bucket)] if args.context.protect else []
        if args.trail_arn is not None:
            prefix = Output.concat(TRAIL, "AWSLogs/", args.context.account_id, "/*")
            statements += trail_access.bucket_statements(bucket.arn, prefix, args.trail_arn)
        policy = bucket.allow(*statements)
        self.bucket, self.arn = after(bucket.id, policy), after(bucket.arn, policy)
        self.register_outputs({"bucket": self.bucket, "arn": self.arn})

    def objects(self, prefix: str) -> Output[str]:
        """The ARN of its objects below ``prefix``."""
        return Output.concat(self.arn, "/", prefix, "*")

    def grant_anchors(self) -> list[iam.Grant]:
        """Let the check of the trail read what the last one found, and leave what it finds."""
        args = self._args
        return [
            iam.Grant(
                sid="Anchors",
                actions=["s3:GetObject", "s3:PutObject"],
                resources=[self.objects(ANCHORS)],
            ),
            # Without it a missing object is refused, not missing.
            iam.Grant(sid="AnchorsList", actions=["s3:ListBucket"], resources=[self.arn]),
            iam.key_through(
                "s3",
                args.context.region,
                args.context.key_arn,
                "kms:Decrypt",
                "kms:GenerateDataKey",
                sid="AnchorsKey",
            ),
        ]


def _expiry(prefix: str, days: int) -> LifecycleRule:
    """Anchors stay: an old one is worth more than none."""
    return {
        "id": prefix.strip("/"),
        "status": "Enabled",
        "filter": {"prefix": prefix},
        "expiration": {"days": days},
    }


def _nobody_bypasses(bucket: PrivateBucket) -> iam.Statement:
    """Administrators too must change this policy first, which leaves a trace."""
    return iam.deny(
        "NobodyBypasses",
        actions=["s3:BypassGovernanceRetention"],
        resources=[bucket.objects()],
        conditions={"Bool": {"aws:PrincipalIsAWSService": "false"}},
    )
