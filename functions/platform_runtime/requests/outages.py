"""What callers are told while an AWS service is away, by boto3's name of it."""

from collections.abc import Mapping

from functions.platform_runtime.responses import Outage

AWS: Mapping[str, Outage] = {
    "s3": Outage("storage_unavailable", "The storage of payloads and results does not answer.", 5),
    "dynamodb": Outage("tables_unavailable", "The tables of keys and tickets do not answer.", 5),
    "secretsmanager": Outage("secrets_unavailable", "The platform's secrets cannot be read.", 5),
    "kms": Outage("keys_unavailable", "The platform's encryption keys cannot be used.", 5),
}
IDENTITY = Outage("identity_unavailable", "The identity provider does not answer.", 5)
