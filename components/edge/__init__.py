"""CloudFront and the site behind it."""

EDGE_REGION = "us-east-1"
"""Where CloudFront, itself everywhere, looks for certificates and is told to deliver its logs."""
