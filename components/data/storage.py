"""The data bucket: objects that turn hot, warm and cold, then go."""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import Alias, ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_aws.s3 import BucketNotificationLambdaFunctionArgsDict as Call

from components import iam
from components.api.function import Function
from components.context import Context
from components.data.bucket import LifecycleRule, PrivateBucket, PrivateBucketArgs
from config.rules.data import MINIMUM_DAYS
from config.sections import Storage as StorageConfig
from contract.objects import OBJECTS

CORS_SECONDS = 86400
SOURCE_MAPS = "source-maps/"
"""Of the site's releases, by release: what turns a browser's stack trace into source lines."""


@dataclass(frozen=True, kw_only=True)
class StorageArgs:
    """``logs_bucket`` takes the access logs, ``noncurrent_days`` is of former versions."""

    context: Context
    config: StorageConfig
    noncurrent_days: int
    logs_bucket: Input[str]


class Storage(ComponentResource):
    """What people upload and what their runs produce."""

    bucket: Output[str]
    arn: Output[str]
    domain_name: Output[str]
    source_maps: Output[str]

    def __init__(self, name: str, args: StorageArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:data:Storage", name, None, opts)
        bucket = PrivateBucket(
            name,
            PrivateBucketArgs(
                protect=args.context.protect,
                noncurrent_days=args.noncurrent_days,
                key_arn=args.context.key_arn,
                logs_bucket=args.logs_bucket,
                rules=[tiers(args.config, args.noncurrent_days)],
            ),
            ResourceOptions(parent=self),
        )
        self._bucket, self._args = bucket, args
        bucket.allow(_only_our_key(bucket, args.context.key_arn))
        self._name = name
        self.bucket, self.arn, self.domain_name = bucket.id, bucket.arn, bucket.domain_name
        self.source_maps = Output.concat("s3://", bucket.id, "/", SOURCE_MAPS)
        self.register_outputs(
            {"bucket": self.bucket, "arn": self.arn, "domain_name": self.domain_name}
        )

    def allow_origins(self, *origins: Input[str]) -> None:
        """Let pages of these origins upload and download by presigned address; call it once."""
        aws.s3.BucketCorsConfiguration(
            self._name,
            bucket=self.bucket,
            cors_rules=[
                {
                    "allowed_origins": list(origins),
                    "allowed_methods": ["GET", "HEAD", "PUT", "POST"],
                    "allowed_headers": [
                        "content-type",
                        "content-encoding",
                        "content-md5",
                        "x-amz-*",
                    ],
                    "expose_headers": ["ETag"],
                    "max_age_seconds": CORS_SECONDS,
                }
            ],
            opts=ResourceOptions(parent=self),
        )

    def notify(self, restored: Function | None) -> None:
        """Have a function told of each archived object that can be read again, where there is one;
        call it once. EventBridge is told of everything, for rules to come.

        S3 calls without waiting, and at least once: what fails is the function's own failure.
        https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
        """
        calls: list[Call] = []
        permissions: list[Resource] = []
        if restored:
            # S3 asks the function before it takes the notification.
            account_id = self._args.context.account_id
            permissions.append(
                restored.allow_invoke(
                    "s3.amazonaws.com", self.arn, "restores", account_id=account_id
                )
            )
            calls.append(
                {
                    "lambda_function_arn": restored.alias_arn,
                    "events": ["s3:ObjectRestore:Completed"],
                    "filter_prefix": OBJECTS,
                }
            )
        aws.s3.BucketNotification(
            self._name,
            bucket=self.bucket,
            eventbridge=True,
            lambda_functions=calls,
            opts=ResourceOptions(
                parent=self, depends_on=permissions, aliases=[Alias(parent=self._bucket)]
            ),
        )

    def grants(self, prefix: str, *actions: str) -> list[iam.Grant]:
        """Let a function call ``actions`` on objects below ``prefix``, and the key through S3."""
        return [
            iam.Grant(
                sid=f"Objects{prefix.strip('/').title()}",
                actions=[f"s3:{action}" for action in actions],
                resources=[self._bucket.objects(prefix)],
            ),
            # Without it a missing object is refused, not missing.
            iam.Grant(sid="ObjectsList", actions=["s3:ListBucket"], resources=[self._bucket.arn]),
            iam.key_through(
                "s3",
                self._args.context.region,
                self._args.context.key_arn,
                "kms:Decrypt",
                # What only reads makes no keys.
                *(["kms:GenerateDataKey"] if "PutObject" in actions else []),
                sid="ObjectsKey",
            ),
        ]


def tiers(config: StorageConfig, noncurrent_days: int) -> LifecycleRule:
    """The lifecycle of objects. Compression is the writer's; S3 only moves."""
    transitions = [(config.hot_days, config.warm_class), (config.cold_days, config.cold_class)]
    rule: LifecycleRule = {
        "id": "tiers",
        "status": "Enabled",
        "filter": {"prefix": OBJECTS},
        "transitions": [
            {"days": days, "storage_class": storage_class}
            for days, storage_class in transitions
            if days is not None
        ],
    }
    if config.expire_days is not None:
        rule["expiration"] = {"days": config.expire_days}
    cold = config.cold_days
    if cold is not None and noncurrent_days - cold >= MINIMUM_DAYS[config.cold_class]:
        rule["noncurrent_version_transitions"] = [
            {"noncurrent_days": cold, "storage_class": config.cold_class}
        ]
    return rule


def _only_our_key(bucket: PrivateBucket, key_arn: Input[str]) -> iam.Statement:
    """An upload that names another key would leave an object nobody here can read."""
    return iam.deny(
        "OnlyOurKey",
        actions=["s3:PutObject"],
        resources=[bucket.objects()],
        conditions={
            "StringNotEquals": {
                "s3:x-amz-server-side-encryption-aws-kms-key-id": key_arn,
            },
            "Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "false"},
        },
    )
