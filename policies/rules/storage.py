"""Rules for S3 buckets."""

from collections.abc import Iterator
from typing import Final

from policies.predicates import ON
from policies.rule import Companion, Judgement, Property, Rule, met, rule, violated
from policies.stack import Stack

BUCKET: Final = "aws:s3/bucket:Bucket"
POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"
BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
OWNERSHIP: Final = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
ENCRYPTION: Final = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
VERSIONING: Final = "aws:s3/bucketVersioning:BucketVersioning"
LOGGING: Final = "aws:s3/bucketLogging:BucketLogging"
LIFECYCLE: Final = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"

BLOCKS: Final = {
    "blockPublicAcls": "bucket-public-acls-blocked",
    "blockPublicPolicy": "bucket-public-policy-blocked",
    "ignorePublicAcls": "bucket-public-acls-ignored",
    "restrictPublicBuckets": "bucket-public-access-restricted",
}

ROWS: Final[tuple[Rule, ...]] = (
    Companion(
        name="bucket-public-access-block",
        type=BUCKET,
        companion=BLOCK,
        by="bucket",
        controls=["1.1"],
        fix="declare an s3.BucketPublicAccessBlock for the bucket",
    ),
    *(
        Property(
            name=name,
            type=BLOCK,
            path=path,
            must=ON,
            controls=["1.1"],
            fix=f"set {path} to true: nothing of the platform is public but through the CDN",
        )
        for path, name in BLOCKS.items()
    ),
)


@rule("1.9", fix="declare an s3.BucketLogging to the log archive")
def bucket_access_logged(stack: Stack) -> Iterator[Judgement]:
    """Access to every bucket is logged, but for the bucket the logs go to: it would log itself."""
    targets = [r for r in stack.of(BUCKET) if stack.companions(r, LOGGING, "targetBucket")]
    for bucket in stack.of(BUCKET):
        if bucket in targets:
            continue
        if stack.companions(bucket, LOGGING, "bucket"):
            yield met(bucket)
        else:
            yield violated(bucket, "no BucketLogging names it as bucket")


RULES: Final[tuple[Rule, ...]] = (*ROWS, bucket_access_logged)
