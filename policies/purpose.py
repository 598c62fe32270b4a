"""What a bucket is for, told from who names it."""

from typing import Final

from graph.model import UNKNOWN, Resource
from policies.paths import values
from policies.stack import Stack

BUCKET: Final = "aws:s3/bucket:Bucket"
LOGGING: Final = "aws:s3/bucketLogging:BucketLogging"
REPLICATION: Final = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
LOG_DESTINATION: Final = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"
DISTRIBUTION: Final = "aws:cloudfront/distribution:Distribution"
FIREHOSE: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"

WRITERS: Final = {
    LOGGING: "targetBucket",
    LOG_DESTINATION: "deliveryDestinationConfiguration.destinationResourceArn",
}
"""Who delivers access logs to a bucket, and the property that names it."""
WITNESSES: Final = {
    "aws:cloudtrail/trail:Trail": "s3BucketName",
    FIREHOSE: "extendedS3Configuration.bucketArn",
}
"""Who writes evidence to a bucket."""


def takes_logs(stack: Stack, bucket: Resource) -> bool:
    """Whether access logs are delivered to it."""
    return any(stack.companions(bucket, kind, by) for kind, by in WRITERS.items())


def takes_evidence(stack: Stack, bucket: Resource) -> bool:
    """Whether a trail or a stream writes there what was done."""
    return any(stack.companions(bucket, kind, by) for kind, by in WITNESSES.items())


def is_origin(stack: Stack, bucket: Resource) -> bool:
    """Whether a distribution serves it: what is in it can be made again."""
    host = f"{bucket.id}.s3"
    return any(leads_to(each, host, bucket) for each in stack.of(DISTRIBUTION))


def is_replica(stack: Stack, bucket: Resource) -> bool:
    """Whether it is another bucket's copy."""
    return bool(stack.companions(bucket, REPLICATION, "rules[*].destination.bucket"))


def leads_to(distribution: Resource, host: str, target: Resource) -> bool:
    """Whether an origin is the target: by how its host name begins or, unknown, by reference."""
    found = values(distribution.inputs, "origins[*].domainName")
    if any(isinstance(name, str) and name.startswith(f"{host}.") for name in found):
        return True
    return UNKNOWN in found and target.urn in distribution.property_dependencies.get("origins", ())
