"""A private bucket: what every bucket of the platform has in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_aws.s3 import BucketLifecycleConfigurationRuleArgsDict

from components import iam

LifecycleRule = BucketLifecycleConfigurationRuleArgsDict

MULTIPART_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class Lock:
    """Each version is locked for so many days from its making."""

    mode: Literal["governance", "compliance"]
    days: int


@dataclass(frozen=True, kw_only=True)
class PrivateBucketArgs:
    """Without ``key_arn`` objects are under S3's own keys, as all are since 2023; without
    ``logs_bucket`` unlogged.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
    """

    protect: bool
    noncurrent_days: int
    key_arn: Input[str] | None = None
    logs_bucket: Input[str] | None = None
    rules: Sequence[LifecycleRule] = ()
    lock: Lock | None = None


class PrivateBucket(ComponentResource):
    """Versioned, encrypted, without ACLs or public access; call ``allow`` once for its policy."""

    id: Output[str]
    arn: Output[str]
    domain_name: Output[str]

    def __init__(
        self, name: str, args: PrivateBucketArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:data:PrivateBucket", name, None, opts)
        self._name = name
        child = ResourceOptions(parent=self)
        bucket = aws.s3.Bucket(
            name,
            force_destroy=not args.protect,
            # A bucket that changes its mind is replaced.
            object_lock_enabled=True if args.lock else None,
            opts=ResourceOptions(parent=self, protect=args.protect),
        )
        self.id, self.arn = bucket.id, bucket.arn
        self.domain_name = bucket.bucket_regional_domain_name
        public_access_block = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        # It and the policy change the bucket's policy status; at once they conflict (409).
        self._before_policy: list[Resource] = [public_access_block]
        aws.s3.BucketOwnershipControls(
            name,
            bucket=bucket.id,
            rule={"object_ownership": "BucketOwnerEnforced"},
            opts=child,
        )
        versioning = aws.s3.BucketVersioning(
            name,
            bucket=bucket.id,
            versioning_configuration={"status": "Enabled"},
            opts=child,
        )
        if args.key_arn is not None:
            self._encrypt(args.key_arn)
        if args.lock is not None:
            # Whoever waits to be allowed to write finds the lock there.
            self._before_policy.append(self._lock(args.lock, versioning))
        aws.s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket.id,
            transition_default_minimum_object_size="all_storage_classes_128K",
            rules=[*args.rules, _housekeeping(args.noncurrent_days)],
            # Noncurrent rules are refused on a bucket that is not versioned yet.
            opts=ResourceOptions(parent=self, depends_on=[versioning]),
        )
        if args.logs_bucket is not None:
            aws.s3.BucketLogging(
                name,
                bucket=bucket.id,
                target_bucket=args.logs_bucket,
                target_prefix=f"s3/{name}/",
                opts=child,
            )
        self.register_outputs({"id": self.id, "arn": self.arn, "domain_name": self.domain_name})

    def allow(self, *statements: iam.Statement) -> aws.s3.BucketPolicy:
        """Give the bucket its policy: these statements, and TLS only."""
        return aws.s3.BucketPolicy(
            self._name,
            bucket=self.id,
            policy=iam.document([iam.tls_only(self.arn, "s3:*", self.objects()), *statements]),
            opts=ResourceOptions(parent=self, depends_on=self._before_policy),
        )

    def objects(self, prefix: str = "") -> Output[str]:
        """The ARN of its objects below ``prefix``."""
        return Output.concat(self.arn, "/", prefix, "*")

    def _lock(self, lock: Lock, versioning: aws.s3.BucketVersioning) -> Resource:
        return aws.s3.BucketObjectLockConfiguration(
            self._name,
            bucket=self.id,
            rule={"default_retention": {"mode": lock.mode.upper(), "days": lock.days}},
            opts=ResourceOptions(parent=self, depends_on=[versioning]),
        )

    def _encrypt(self, key_arn: Input[str]) -> None:
        aws.s3.BucketServerSideEncryptionConfiguration(
            self._name,
            bucket=self.id,
            rules=[
                {
                    "apply_server_side_encryption_by_default": {
                        "sse_algorithm": "aws:kms",
                        "kms_master_key_id": key_arn,
                    },
                    "bucket_key_enabled": True,
                }
            ],
            opts=ResourceOptions(parent=self),
        )


def _housekeeping(noncurrent_days: int) -> LifecycleRule:
    """Old versions, orphaned delete markers and half uploads go."""
    return {
        "id": "housekeeping",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrent_version_expiration": {"noncurrent_days": noncurrent_days},
        "expiration": {"expired_object_delete_marker": True},
        "abort_incomplete_multipart_upload": {"days_after_initiation": MULTIPART_DAYS},
    }
