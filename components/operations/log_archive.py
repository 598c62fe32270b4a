"""The bucket that access logs of other buckets and of the CDN are delivered to."""

from pulumi import Input, Output, ResourceOptions

from components import iam
from components.context import Context
from components.data.bucket import PrivateBucket, PrivateBucketArgs
from components.edge.access_logs import delivery_statement
from components.former import child_of
from components.ordering import after


class LogArchive(PrivateBucket):
    """Kept as long as the other logs, then deleted; under S3's own keys, since it delivers access
    logs under no other. ``bucket`` and ``delivery_arn`` are known once its policy lets senders in.
    """

    bucket: Output[str]
    delivery_arn: Output[str]

    def __init__(self, name: str, args: Context, opts: ResourceOptions | None = None) -> None:
        bucket = PrivateBucketArgs(
            protect=args.protect,
            noncurrent_days=1,
            rules=[
                {
                    "id": "expire",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": args.logs.retention_days},
                }
            ],
        )
        moved = ResourceOptions(aliases=[child_of("ma-platform:operations:LogArchive", name)])
        super().__init__(name, bucket, ResourceOptions.merge(opts, moved))
        policy = self.allow(
            _server_access_logs(self, args.account_id),
            delivery_statement(self.arn, args.account_id),
        )
        # Where a sender finds no permission, some write one into the policy themselves.
        self.bucket, self.delivery_arn = after(self.id, policy), after(self.arn, policy)


def _server_access_logs(bucket: PrivateBucket, account_id: Input[str]) -> iam.Statement:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html"""
    return iam.allow(
        "DeliverS3",
        actions=["s3:PutObject"],
        resources=[bucket.objects("s3/")],
        principal={"Service": "logging.s3.amazonaws.com"},
        conditions={"StringEquals": {"aws:SourceAccount": account_id}},
    )
