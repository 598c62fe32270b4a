"""Rules for the data bucket: which pages may write to it and read from it."""

from typing import Final

from policies.rules.api.cors import Rules, named

BUCKET_CORS: Final = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"

RULES: Final[Rules] = named(
    "bucket", BUCKET_CORS, "corsRules[*].allowed", "corsRules[*].maxAgeSeconds"
)
