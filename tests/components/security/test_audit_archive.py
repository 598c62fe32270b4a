"""The bucket of what was done: locked, and only as hard to destroy as the stack says."""

import json

import pulumi
import pytest

from components import iam
from tests.components.security.programs import archive
from tests.declare import ACCOUNT, KEY, REGION, declare

TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/ma-platform-test"


def registered(kind: str, **options):
    """The one resource of a type of S3's."""
    token = f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}"
    (found,) = declare(lambda: archive(**options)).by_type(token)
    return found


def statements(**options):
    policy = registered("BucketPolicy", **options).inputs["policy"]
    return {statement["Sid"]: statement for statement in json.loads(policy)["Statement"]}


@pytest.mark.parametrize(
    ("config", "retention"),
    [
        ({}, {"mode": "GOVERNANCE", "days": 30}),
        ({"mode": "compliance", "retention_days": 2557}, {"mode": "COMPLIANCE", "days": 2557}),
    ],
)
def test_whatever_comes_is_locked_from_a_bucket_that_was_made_for_it(config, retention):
    lock = registered("BucketObjectLockConfiguration", **config)
    versioning = registered("BucketVersioning", **config)

    assert registered("Bucket", **config).inputs["objectLockEnabled"] is True
    assert lock.inputs["rule"] == {"defaultRetention": retention}
    assert versioning.urn in lock.dependencies


def test_nothing_is_written_before_the_lock_is_there():
    policy, lock = registered("BucketPolicy"), registered("BucketObjectLockConfiguration")

    assert lock.urn in policy.dependencies


def test_it_is_deleted_once_its_days_are_over_but_for_the_anchors():
    lifecycle = registered("BucketLifecycleConfiguration", retention_days=365)
    *expiries, housekeeping = lifecycle.inputs["rules"]

    assert [(rule["filter"]["prefix"], rule["expiration"]["days"]) for rule in expiries] == [
        ("lines/", 365),
        ("failed/", 365),
        ("trail/", 365),
    ]
    assert housekeeping["noncurrentVersionExpiration"] == {"noncurrentDays": 1}


@pytest.mark.parametrize("protect", [True, False])
def test_a_stack_that_may_go_takes_it_along_and_one_that_may_not_bypasses_nothing(protect):
    bucket = registered("Bucket", protect=protect)

    assert (bucket.protect, bucket.inputs["forceDestroy"]) == (protect, not protect)
    assert ("NobodyBypasses" in statements(protect=protect)) is protect


def test_in_a_protected_stack_administrators_too_are_denied_the_bypass():
    bypass = statements(protect=True)["NobodyBypasses"]

    assert (bypass["Effect"], bypass["Principal"]) == ("Deny", "*")
    assert bypass["Action"] == ["s3:BypassGovernanceRetention"]
    assert bypass["Condition"] == {"Bool": {"aws:PrincipalIsAWSService": "false"}}


def test_it_is_under_our_key_and_its_access_is_logged():
    encryption = registered("BucketServerSideEncryptionConfiguration").inputs
    logging = registered("BucketLogging").inputs

    assert encryption["rules"] == [
        {
            "applyServerSideEncryptionByDefault": {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": KEY,
            },
            "bucketKeyEnabled": True,
        }
    ]
    assert (logging["targetBucket"], logging["targetPrefix"]) == ("logs", "s3/audit/")


def test_only_the_trail_of_this_stack_may_deliver():
    found = statements(trail_arn=TRAIL)
    bucket = found["TrailAcl"]["Resource"][0]

    assert set(statements()) == {"TlsOnly"}
    assert found["TrailAcl"]["Action"] == ["s3:GetBucketAcl"]
    assert found["TrailAcl"]["Condition"] == {"StringEquals": {"aws:SourceArn": TRAIL}}
    assert found["TrailWrite"] == {
        "Sid": "TrailWrite",
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["s3:PutObject"],
        "Resource": [f"{bucket}/trail/AWSLogs/{ACCOUNT}/*"],
        "Condition": {
            "StringEquals": {
                "aws:SourceArn": TRAIL,
                "s3:x-amz-acl": "bucket-owner-full-control",
            }
        },
    }


def test_the_check_of_the_trail_reaches_the_anchors_and_no_line():
    def program():
        document = iam.document([grant.statement() for grant in archive().grant_anchors()])
        pulumi.export("policy", document)

    allowed = json.loads(declare(program).outputs["policy"])["Statement"]

    bucket = allowed[1]["Resource"][0]
    assert [(a["Action"], a["Resource"]) for a in allowed] == [
        (["s3:GetObject", "s3:PutObject"], [f"{bucket}/anchors/*"]),
        (["s3:ListBucket"], [bucket]),
        (["kms:Decrypt", "kms:GenerateDataKey"], [KEY]),
    ]
    assert allowed[2]["Condition"] == {
        "StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
    }
