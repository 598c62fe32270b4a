"""What the data bucket registers."""

import json

import pytest

from components.data.bucket import PrivateBucket, PrivateBucketArgs
from components.data.storage import Storage, StorageArgs, tiers
from config.sections import Storage as StorageConfig
from tests.declare import KEY, context, declare, inputs


def storage() -> Storage:
    return Storage(
        "data",
        StorageArgs(
            context=context(protect=True),
            config=StorageConfig(),
            noncurrent_days=30,
            logs_bucket="logs",
        ),
    )


def test_the_guides_days_are_hot_seven_warm_to_thirty_and_cold_to_a_year():
    assert tiers(StorageConfig(), 30) == {
        "id": "tiers",
        "status": "Enabled",
        "filter": {"prefix": "objects/"},
        "transitions": [
            {"days": 7, "storage_class": "GLACIER_IR"},
            {"days": 30, "storage_class": "GLACIER"},
        ],
        "expiration": {"days": 365},
    }


@pytest.mark.parametrize(
    ("cold_class", "kept", "moved"),
    [("GLACIER", 119, False), ("GLACIER", 120, True), ("DEEP_ARCHIVE", 209, False)],
)
def test_former_versions_turn_cold_where_they_stay_for_what_s3_bills(cold_class, kept, moved):
    """90 days in GLACIER, 180 in DEEP_ARCHIVE:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html"""
    rule = tiers(StorageConfig(cold_class=cold_class), kept)

    assert rule.get("noncurrent_version_transitions") == (
        [{"noncurrent_days": 30, "storage_class": cold_class}] if moved else None
    )


def test_objects_may_stay_warm_and_for_ever():
    rule = tiers(StorageConfig(cold_days=None, expire_days=None, warm_class="STANDARD_IA"), 365)

    assert rule["transitions"] == [{"days": 7, "storage_class": "STANDARD_IA"}]
    assert "expiration" not in rule


def test_old_versions_and_half_uploads_go_whatever_the_prefix():
    graph = declare(storage)
    (lifecycle,) = graph.by_type("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")

    housekeeping = lifecycle.inputs["rules"][1]
    assert housekeeping == {
        "id": "housekeeping",
        "status": "Enabled",
        "filter": {"prefix": ""},
        "noncurrentVersionExpiration": {"noncurrentDays": 30},
        "expiration": {"expiredObjectDeleteMarker": True},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
    }
    (versioning,) = graph.by_type("aws:s3/bucketVersioning:BucketVersioning")
    assert versioning.urn in lifecycle.dependencies


def test_the_bucket_is_private_versioned_logged_and_under_our_key():
    graph = declare(storage)

    (bucket,) = graph.by_type("aws:s3/bucket:Bucket")
    assert (bucket.protect, bucket.inputs["forceDestroy"]) == (True, False)
    (block,) = inputs(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").values()
    assert {key: block[key] for key in block if key != "bucket"} == {
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    (encryption,) = inputs(
        graph,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    ).values()
    assert encryption["rules"] == [
        {
            "applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": KEY,
            },
            "bucketKeyEnabled": True,
        }
    ]
    (logging,) = inputs(graph, "aws:s3/bucketLogging:BucketLogging").values()
    assert (logging["targetBucket"], logging["targetPrefix"]) == ("logs", "s3/data/")


def test_the_policy_refuses_plain_http_and_keys_of_others():
    (policy,) = declare(storage).by_type("aws:s3/bucketPolicy:BucketPolicy")
    statements = {s["Sid"]: s for s in json.loads(policy.inputs["policy"])["Statement"]}

    assert set(statements) == {"TlsOnly", "OnlyOurKey"}
    tls = statements["TlsOnly"]
    assert (tls["Effect"], tls["Principal"], tls["Action"]) == ("Deny", "*", ["s3:*"])
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(tls["Resource"]) == 2
    assert statements["OnlyOurKey"]["Effect"] == "Deny"


def test_only_named_origins_upload_from_a_browser():
    def program() -> None:
        storage().allow_origins("https://app.example.com")

    (cors,) = inputs(
        declare(program), "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
    ).values()

    assert cors["corsRules"] == [
        {
            "allowedOrigins": ["https://app.example.com"],
            "allowedMethods": ["GET", "HEAD", "PUT", "POST"],
            "allowedHeaders": ["content-type", "content-encoding", "content-md5", "x-amz-*"],
            "exposeHeaders": ["ETag"],
            "maxAgeSeconds": 86400,
        }
    ]


def test_a_bucket_without_a_key_of_ours_is_left_under_s3s_own_as_every_new_one_is():
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html"""
    args = PrivateBucketArgs(protect=False, noncurrent_days=1)

    assert not inputs(
        declare(lambda: PrivateBucket("plain", args)),
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    )


def test_a_bucket_with_a_key_of_ours_is_under_it():
    args = PrivateBucketArgs(protect=False, noncurrent_days=1, key_arn=KEY)
    graph = declare(lambda: PrivateBucket("own", args))

    (encryption,) = inputs(
        graph,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    ).values()
    [rule] = encryption["rules"]
    assert rule["bucketKeyEnabled"] is True
    assert rule["applyServerSideEncryptionByDefault"] == {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": KEY,
    }
