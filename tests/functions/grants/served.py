"""Drivers of the functions behind the two APIs."""

import json

import boto3

from contract.module_routes import MODULES
from functions.platform_runtime.objects.status import object_key
from tests.functions.authorizer.conftest import EVENT as AUTHORIZER_EVENT
from tests.functions.conftest import EVENTS
from tests.functions.conftest import SECRETS as ORIGIN
from tests.functions.connect_authorizer.conftest import EVENT as HANDSHAKE
from tests.functions.grants.steps import TOPIC, listener, ok, secret, workspace_of
from tests.functions.modules.gateway import user


def workspaces(platform):
    ada = platform.caller(user("ada"))
    # Before anything is written: for a while what follows is read where it was written.
    ok(ada.get("/api/workspaces"))
    keys = f"/api/workspaces/{workspace_of(ada)}/keys"
    made = ok(ada.post(keys, {"name": "ci"}))
    ok(ada.get(keys))
    ok(ada.delete(f"{keys}/{made['key_id']}"))
    ok(ada.post("/api/realtime/ticket"))


def module(name):
    """The driver of a module's function."""

    def drive(platform):
        ada, path = platform.caller(user("ada")), MODULES[name].path
        ok(ada.get(path))
        workspace = workspace_of(ada)
        item = ok(ada.post(path, {"workspace": workspace, "name": "one"}))["id"]
        one = f"{path}/{item}"
        assert ada.get(f"{one}/payload").code == "no_object"
        ok(ada.post(f"{one}/payload", {"size": 2}))
        boto3.client("s3").put_object(
            Bucket=platform.setting("DATA_BUCKET"),
            Key=object_key(workspace, name, item, "payload"),
            Body=b"{}",
            StorageClass="GLACIER",
        )
        ok(ada.post(f"{one}/payload/archive"))
        ok(ada.get(f"{one}/payload"))
        ok(ada.delete(one))

    return drive


def worker(platform):
    key = f"ApiKey {secret(platform.setting('API_KEY_ARN'))}"
    return ok(platform.caller().post("/api/worker/token", authorization=key))["token"]


def authorizer(platform):
    ada = platform.caller(user("ada"))
    key = ok(ada.post(f"/api/workspaces/{workspace_of(ada)}/keys", {"name": "ci"}))["key"]
    shown = (
        f"Bearer {platform.users.token()}",
        f"Bearer {worker(platform)}",
        f"ApiKey {key}",
    )
    for authorization in shown:
        event = json.loads(AUTHORIZER_EVENT.read_text(encoding="utf-8"))
        event["headers"] |= {"authorization": authorization, "x-origin-verify": ORIGIN[0]}
        assert platform.invoke("authorizer", event)["isAuthorized"], authorization


def health(platform):
    ok(platform.caller().get("/api/health/db"))


def health_auth(platform):
    ok(platform.caller().get("/api/health/auth"))


def connect_authorizer(platform):
    ada = platform.caller(user("ada"))
    event = json.loads(HANDSHAKE.read_text(encoding="utf-8"))
    event["queryStringParameters"] = {"ticket": ok(ada.post("/api/realtime/ticket"))["ticket"]}
    answer = platform.invoke("connect_authorizer", event)
    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"


def realtime(platform):
    def said(name, **context):
        event = json.loads((EVENTS / f"websocket_{name}.json").read_text(encoding="utf-8"))
        event["requestContext"] |= context
        event["body"] = json.dumps({"topic": TOPIC})
        assert platform.invoke("realtime", event)["statusCode"] == 200

    said("connect", authorizer=listener().context())
    for action in ("subscribe", "unsubscribe"):
        said("message", routeKey=action)
    said("disconnect")
