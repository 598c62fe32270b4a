"""What CloudTrail must be allowed by the bucket and the key of a trail, for that trail alone."""

from pulumi import Input, Output

from components import iam

CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}


def trail_arn(trail_name: str, account_id: Input[str], region: str) -> Output[str]:
    """Known before there is a trail, as the policies it needs must be."""
    return Output.concat("arn:aws:cloudtrail:", region, ":", account_id, ":trail/", trail_name)


def bucket_statements(
    bucket_arn: Input[str], objects: Input[str], trail: Input[str]
) -> list[iam.Statement]:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html"""
    return [
        iam.allow(
            "TrailAcl",
            actions=["s3:GetBucketAcl"],
            resources=[bucket_arn],
            principal=CLOUDTRAIL,
            conditions={"StringEquals": {"aws:SourceArn": trail}},
        ),
        iam.allow(
            "TrailWrite",
            actions=["s3:PutObject"],
            resources=[Output.concat(bucket_arn, "/", objects)],
            principal=CLOUDTRAIL,
            conditions={
                "StringEquals": {
                    "aws:SourceArn": trail,
                    "s3:x-amz-acl": "bucket-owner-full-control",
                }
            },
        ),
    ]


def key_statements(account_id: Input[str], trail: Input[str]) -> list[iam.Statement]:
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html

    Decrypt is for buckets with a bucket key.
    """
    only_trail = {"StringEquals": {"aws:SourceArn": trail}}
    context = Output.concat("arn:aws:cloudtrail:*:", account_id, ":trail/*")
    return [
        iam.allow(
            "TrailEncrypt",
            actions=["kms:GenerateDataKey*"],
            resources=["*"],
            principal=CLOUDTRAIL,
            conditions={
                **only_trail,
                "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": context},
            },
        ),
        iam.allow(
            "TrailKey",
            actions=["kms:Decrypt", "kms:DescribeKey"],
            resources=["*"],
            principal=CLOUDTRAIL,
            conditions=only_trail,
        ),
    ]
