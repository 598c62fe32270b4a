"""Rules for how buckets keep what is in them, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.data import bucket
from policies.rules.data.bucket import bucket_replicated
from tests.policies.cases import Case, beside, case, changed, check, judged, without
from tests.stacks import built

ENCRYPTION = "s3.BucketServerSideEncryptionConfiguration data"
DEFAULT = "rules[*].applyServerSideEncryptionByDefault"

CASES = [
    case("bucket-under-own-key", without(ENCRYPTION), "s3.Bucket data"),
    case(
        "bucket-under-own-key",
        changed(ENCRYPTION, f"{DEFAULT}.sseAlgorithm", "AES256"),
        "s3.Bucket data",
    ),
    case(
        "bucket-under-own-key",
        changed(ENCRYPTION, f"{DEFAULT}.kmsMasterKeyId", None),
        "s3.Bucket data",
    ),
    case("bucket-key-enabled", changed(ENCRYPTION, "rules[*].bucketKeyEnabled", False), ENCRYPTION),
    case("bucket-versioning", without("s3.BucketVersioning data"), "s3.Bucket data"),
    case(
        "bucket-versioning-enabled",
        changed("s3.BucketVersioning data", "versioningConfiguration.status", "Suspended"),
        "s3.BucketVersioning data",
    ),
    case("bucket-access-logged", without("s3.BucketLogging data"), "s3.Bucket data"),
    case("bucket-events-told", without("s3.BucketNotification data"), "s3.Bucket data"),
    case(
        "bucket-tells-events",
        changed("s3.BucketNotification data", "eventbridge", False),
        "s3.BucketNotification data",
    ),
    case("bucket-not-emptied", changed("s3.Bucket data", "forceDestroy", True), "s3.Bucket data"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, bucket.RULES)


REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"


def replicated(status="Enabled"):
    graph = built("prod")
    name = graph.resource("data", "aws:s3/bucket:Bucket").id
    rule = {"status": status, "destination": {"bucket": "arn:aws:s3:::elsewhere"}}
    return beside(REPLICATION, "data", bucket=name, rules=[rule])(graph)


def test_data_without_a_replica_is_found():
    assert "s3.Bucket data" in judged(bucket_replicated, built("prod"), Verdict.VIOLATED)
    assert judged(bucket_replicated, replicated(), Verdict.MET) == ["s3.Bucket data"]


def test_a_replication_must_run():
    (rule,) = [each for each in bucket.RULES if each.name == "bucket-replication-enabled"]

    assert judged(rule, replicated("Disabled"), Verdict.VIOLATED) == [
        "s3.BucketReplicationConfig data"
    ]
    assert judged(rule, replicated(), Verdict.VIOLATED) == []


def test_every_rule_has_a_stack_that_breaks_it():
    apart = {"bucket-replicated", "bucket-replication-enabled"}
    assert {case.rule for case in CASES} | apart == {rule.name for rule in bucket.RULES}
