"""What differs between Regions: where functions can verify the database, and how many zones are."""

WITH_DATABASE_ROOTS = frozenset(
    {
        "af-south-1",
        "ap-east-1",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-south-2",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ca-central-1",
        "eu-central-1",
        "eu-central-2",
        "eu-north-1",
        "eu-south-1",
        "eu-south-2",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "me-central-1",
        "me-south-1",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    }
)
"""``functions/platform_runtime/database/roots.pem`` has the certificate authorities of their
databases, and says how to add a younger Region's."""

WITH_TWO_ZONES = frozenset({"us-west-1"})
"""Where an account may be offered two zones only. AWS takes a zone that it cannot enlarge any more
from the list of accounts that are not there yet:
https://repost.aws/knowledge-center/vpc-find-availability-zone-options"""
