"""Rules for S3 buckets: how they keep what is in them."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Resource
from policies.paths import values
from policies.predicates import OFF, ON, equals
from policies.purpose import (
    BUCKET,
    LOGGING,
    REPLICATION,
    is_origin,
    is_replica,
    takes_evidence,
    takes_logs,
)
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.stack import Stack

ENCRYPTION: Final = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
)
VERSIONING: Final = "aws:s3/bucketVersioning:BucketVersioning"
NOTIFICATION: Final = "aws:s3/bucketNotification:BucketNotification"


def _under_kms(encryption: Resource) -> bool:
    found = values(encryption.inputs, "rules[*].applyServerSideEncryptionByDefault.sseAlgorithm")
    return any(isinstance(each, str) and each.startswith("aws:kms") for each in found)


ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="bucket-key-enabled",
        type=ENCRYPTION,
        path="rules[*].bucketKeyEnabled",
        must=ON,
        controls=["1.7"],
        fix="set bucketKeyEnabled to true: without it every object is a call to KMS, and billed",
        only=_under_kms,
    ),
    Companion(
        name="bucket-versioning",
        type=BUCKET,
        companion=VERSIONING,
        by="bucket",
        controls=["1.8"],
        fix="declare an s3.BucketVersioning for the bucket",
    ),
    Property(
        name="bucket-versioning-enabled",
        type=VERSIONING,
        path="versioningConfiguration.status",
        must=equals("Enabled"),
        controls=["1.8"],
        fix="set versioningConfiguration.status to Enabled: an overwritten object can be restored",
    ),
    Property(
        name="bucket-not-emptied",
        type=BUCKET,
        path="forceDestroy",
        must=OFF,
        controls=["1.15"],
        fix="set forceDestroy to false: destroying a stack must stop at a bucket that has objects",
        production=True,
    ),
    Property(
        name="bucket-tells-events",
        type=NOTIFICATION,
        path="eventbridge",
        must=ON,
        controls=["1.12"],
        fix="set eventbridge to true: a rule then picks what it needs, and none is lost to another",
    ),
    Property(
        name="bucket-replication-enabled",
        type=REPLICATION,
        path="rules[*].status",
        must=equals("Enabled"),
        controls=["1.13"],
        fix="set the rule's status to Enabled",
        production=True,
    ),
)


@rule(
    "1.6", fix="set sseAlgorithm to aws:kms with the kmsMasterKeyId of a key of the account's own"
)
def bucket_under_own_key(stack: Stack) -> Iterator[Judgement]:
    """Data is under a key of our own; what anybody may read, and logs S3 delivers, need none.

    They are under S3's own keys, as all is where nobody says otherwise. S3 delivers access logs to
    buckets under these only:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    for bucket in stack.of(BUCKET):
        exempt = takes_logs(stack, bucket) or is_origin(stack, bucket)
        found_in = stack.companions(bucket, ENCRYPTION, "bucket")
        if not found_in:
            yield met(bucket) if exempt else violated(bucket, "is under S3's own keys")
        for encryption in found_in:
            by = "rules[*].applyServerSideEncryptionByDefault"
            found = values(encryption.inputs, f"{by}.sseAlgorithm")
            keys = values(encryption.inputs, f"{by}.kmsMasterKeyId")
            if exempt:
                sound = set(found) <= {"AES256", "aws:kms", "aws:kms:dsse"}
            else:
                named = all(key is UNKNOWN or isinstance(key, str) for key in keys)
                sound = named and set(found) <= {"aws:kms", "aws:kms:dsse"}
            if UNKNOWN in found:
                yield undecided(bucket, "sseAlgorithm")
            elif sound:
                yield met(bucket)
            else:
                yield violated(bucket, f"is under {', '.join(map(str, found))}, no key of its own")


@rule("1.9", fix="declare an s3.BucketLogging to the log archive")
def bucket_access_logged(stack: Stack) -> Iterator[Judgement]:
    """Access to every bucket is logged, but for the bucket the logs go to: it would log itself."""
    for bucket in stack.of(BUCKET):
        if takes_logs(stack, bucket):
            continue
        if stack.companions(bucket, LOGGING, "bucket"):
            yield met(bucket)
        else:
            yield violated(bucket, "no BucketLogging names it as bucket")


@rule("1.12", fix="declare an s3.BucketNotification with eventbridge true")
def bucket_events_told(stack: Stack) -> Iterator[Judgement]:
    """What becomes of data is told; not of logs, evidence and releases, which only programs write
    and nobody changes."""
    for bucket in stack.of(BUCKET):
        if any(test(stack, bucket) for test in (takes_logs, takes_evidence, is_origin, is_replica)):
            continue
        if stack.companions(bucket, NOTIFICATION, "bucket"):
            yield met(bucket)
        else:
            yield violated(bucket, "no BucketNotification names it as bucket")


@rule("1.13", fix="declare an s3.BucketReplicationConfig to a bucket elsewhere", production=True)
def bucket_replicated(stack: Stack) -> Iterator[Judgement]:
    """Data and evidence are in a second Region; logs of access, releases and copies need not be."""
    for bucket in stack.of(BUCKET):
        if any(test(stack, bucket) for test in (takes_logs, is_origin, is_replica)):
            continue
        if stack.companions(bucket, REPLICATION, "bucket"):
            yield met(bucket)
        else:
            yield violated(bucket, "no BucketReplicationConfig names it as bucket")


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    bucket_under_own_key,
    bucket_access_logged,
    bucket_events_told,
    bucket_replicated,
)
