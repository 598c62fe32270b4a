"""What a workflow that only looks may see: a pull request no value that may be a secret, and who
looks for drift as much as the engine needs to read back what it has made."""

from collections.abc import Sequence

from pulumi import Input, Output

from components import iam
from components.security.deploy_access import Reach
from components.security.state_access import state_statements
from config.sections import Delivery

CONTENTS = (
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "lambda:InvokeFunction",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "rds-db:connect",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
    "ssm:GetParameter*",
)
"""What is kept, rather than how."""

KEYS = ("kms:Decrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")

VALUES = (
    # Headers to origins, the one by which the API knows the CDN among them:
    # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginCustomHeader.html
    "cloudfront:GetDistribution*",
    "cloudfront:ListDistributions*",
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
    "cognito-idp:DescribeUserPoolClient",
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_IdentityProviderType.html
    "cognito-idp:DescribeIdentityProvider",
    # User data, and the shared keys of a VPN:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:DescribeSpot*",
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html
    "ec2:DescribeVpnConnections",
    # Environment variables, and where the code lies for ten minutes:
    # https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
    "lambda:GetFunction",
    "lambda:GetFunctionConfiguration",
    "lambda:ListVersionsByFunction",
)
"""Looks at settings that return what may be a secret, of this stack's or of others' resources."""

API_KEYS = ("arn:aws:apigateway:*::/apikeys*", "arn:aws:apigateway:*::/usageplans/*")
"""https://docs.aws.amazon.com/apigateway/latest/api/API_GetApiKey.html"""

READ_THROUGH = ("lambda", "scheduler")
"""Services that show what is encrypted under the stack's key, environment variables and what a
schedule says, only to who may decrypt it; to others they would look gone.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
"""


def preview(config: Delivery, data_buckets: Sequence[Input[str]]) -> list[iam.Statement]:
    """Read the state, and open nothing, whatever else comes to allow it."""
    return [
        *state_statements(config),
        iam.refuse("Contents", actions=[*CONTENTS, *KEYS], resources=["*"]),
        iam.refuse("Values", actions=VALUES, resources=["*"]),
        # A key may say whose an object is. It is also how a bucket is looked for, which a refresh
        # does and a preview does not:
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
        iam.refuse(
            "ObjectKeys",
            actions=["s3:ListBucket*"],
            resources=[Output.concat("arn:aws:s3:::", name) for name in data_buckets],
        ),
        *_never(data_buckets),
    ]


def drift(
    config: Delivery, reach: Reach, data_buckets: Sequence[Input[str]]
) -> list[iam.Statement]:
    """Read back all that is made, and write nothing: a look takes no lock of the state."""
    through = [f"{service}.{reach.region}.amazonaws.com" for service in READ_THROUGH]
    page = Output.concat("arn:aws:s3:::", reach.site_bucket, "/*")
    return [
        *state_statements(config, key=["kms:Decrypt"]),
        iam.allow(
            "Key",
            actions=["kms:Decrypt"],
            resources=reach.key_arns,
            conditions={"StringEquals": {"kms:ViaService": through}},
        ),
        iam.allow("Site", actions=["s3:GetObject", "s3:GetObjectTagging"], resources=[page]),
        iam.refuse("Contents", actions=CONTENTS, resources=["*"]),
        *_never(data_buckets),
    ]


def _never(data_buckets: Sequence[Input[str]]) -> list[iam.Statement]:
    objects = [Output.concat("arn:aws:s3:::", name, "/*") for name in data_buckets]
    return [
        iam.refuse("ApiKeys", actions=["apigateway:GET"], resources=API_KEYS),
        iam.refuse("Objects", actions=["s3:GetObject*"], resources=objects),
    ]
