"""As much of the platform as one stack can have, and who deploys it."""

from graph.model import Graph
from tests.config.strategies import CONTACTS
from tests.declare import ACCOUNT
from tests.stacks import declared

REGION = "eu-central-1"
HERE = {"aws__RequestedRegion": REGION}
STATE_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0b1c2d3e"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
OWN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ma-platform/fifth/simcore-1234567"
DEPLOY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ma-platform-delivery/fifth/ma-platform-fifth-deploy"
WHOLE = {
    "tier": "enterprise",
    "contacts": CONTACTS,
    "limits": {"simulations": 1, "storage_gb": 1, "users": 1},
    "budget": {"monthly_usd": 1},
    "database": {"replicas": 1},
    "backup": {"copy_region": "eu-west-1"},
    "edge": {"domain": "app.example.com", "zone_id": "Z0123456789ABC", "hsts": "preload"},
    "account": {"id": ACCOUNT, "owner": True},
    "delivery": {
        "repository": "acme/platform",
        "state_bucket": "acme-state",
        "state_key": STATE_KEY,
    },
}


def stack() -> Graph:
    """As much of the platform as one stack can have."""
    return declared(WHOLE, region=REGION)
