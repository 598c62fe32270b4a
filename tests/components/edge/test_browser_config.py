"""config.json as a browser reads it."""

import json

import pulumi

from components.edge.browser_config import BrowserConfig
from config.sections import Features, Limits
from tests.components.edge.programs import resolved


def document(**changes):
    config = {
        "environment": "staging",
        "region": "eu-central-1",
        "api_url": "https://app.example.com/api",
        "websocket_url": "wss://app.example.com/ws",
        "user_pool_id": "eu-central-1_abc",
        "user_pool_client_id": "client",
        "sign_in_domain": "ma.auth.eu-central-1.amazoncognito.com",
        "features": Features(analytics=False),
        "limits": Limits(simulations=100, storage_gb=10, users=25),
    }
    return json.loads(resolved(lambda: BrowserConfig(**config | changes).json()))


def test_the_browser_is_told_where_to_sign_in_what_it_may_call_and_what_it_may_use():
    assert document(user_pool_id=pulumi.Output.from_input("eu-central-1_abc")) == {
        "environment": "staging",
        "region": "eu-central-1",
        "apiUrl": "https://app.example.com/api",
        "websocketUrl": "wss://app.example.com/ws",
        "reconnectSeconds": 60,
        "userPoolId": "eu-central-1_abc",
        "userPoolClientId": "client",
        "signInDomain": "ma.auth.eu-central-1.amazoncognito.com",
        "features": {"realtime": True, "analytics": False, "ai": True},
        "limits": {"simulations": 100, "storageGb": 10, "users": 25},
    }


def test_every_feature_is_told():
    assert document()["features"].keys() == Features.model_fields.keys()


def test_without_realtime_there_is_no_address_for_it():
    without = document(websocket_url=None)

    assert (without["websocketUrl"], without["reconnectSeconds"]) == (None, None)
