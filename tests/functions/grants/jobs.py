"""Drivers of the functions that a deploy, a schedule, a stream or an event invokes."""

import copy
import time
from uuid import uuid4

import boto3
import pytest

from contract.module_routes import MODULES
from functions.maintenance.bucket import Bucket
from functions.platform_runtime.objects.status import object_key
from functions.realtime.connections import Connections
from functions.rotation.master_password import MasterPassword
from tests.functions.fanout.conftest import RECORD
from tests.functions.grants.platform import functions, settings
from tests.functions.grants.steps import TOPIC, listener, ok, secret, workspace_of
from tests.functions.grants.surroundings import SECRETS
from tests.functions.modules.gateway import user
from tests.functions.restored.conftest import EVENT as RESTORED
from tests.functions.rotation.conftest import STEPS

BACKUP = {"job": "export", "reason": "weekly", "timestamp": "2026-11-22T03:00:00Z"}


def rotation(platform):
    """Fills what is empty, and rotates; Postgres does not take the master's first password."""
    given = settings(functions(platform.graph)["rotation"])
    arns = [given[key] for key in SECRETS if given[key]]
    answers = iter([False])
    signs_in = MasterPassword._signs_in
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            MasterPassword, "_signs_in", lambda *of: signs_in(*of) and next(answers, True)
        )
        assert len(platform.invoke("rotation", {"seed": arns})["seeded"]) == len(arns)
    for arn in arns:
        before, token = secret(arn), str(uuid4())
        boto3.client("secretsmanager").rotate_secret(
            SecretId=arn,
            ClientRequestToken=token,
            RotationLambdaARN=functions(platform.graph)["rotation"].outputs["arn"],
            RotationRules={"AutomaticallyAfterDays": 90},
        )
        # moto's own steps name the secret as AWS does not.
        for step in STEPS:
            asked = {"Step": step, "SecretId": arn, "ClientRequestToken": token}
            platform.invoke("rotation", asked)
        assert secret(arn) != before


def migrate(platform):
    """On an empty database, which takes the master's secret, and again as the migrator."""
    for _ in range(2):
        answer = platform.invoke("bootstrap", {})
    assert answer["user"] == "platform_migrator"


def fanout(platform):
    """A connection that is there and one that is gone."""
    table = Connections(platform.setting("CONNECTIONS_TABLE"))
    for connection in ("here=", "gone="):
        table.open(connection, listener())
        table.subscribe(connection, TOPIC, int(time.time()) + 600)
    platform.connections.answers["gone="] = [410]
    assert platform.invoke("fanout", {"Records": [RECORD]}) == {"batchItemFailures": []}
    assert platform.invoke("fanout", {}) == {"connections": 1}


def relay(platform):
    platform.database.execute("INSERT INTO outbox (topic, event) VALUES (%s, '{}')", TOPIC)
    assert platform.invoke("relay", {})["relayed"]


def restored(platform):
    ada = platform.caller(user("ada"))
    workspace = workspace_of(ada)
    item = ok(ada.post(MODULES["simcore"].path, {"workspace": workspace, "name": "one"}))["id"]
    event = copy.deepcopy(RESTORED)
    key = object_key(workspace, "simcore", item, "payload")
    event["Records"][0]["s3"]["object"]["key"] = key
    assert platform.invoke("restored", event) == {"outcomes": ["told"]}


def maintenance(platform):
    """The jobs on backups too; of two exports of one name at once the second is given up."""
    for job in ("cleanup_old_simulations", "slow_query_report", *("verify_audit",) * 2):
        platform.invoke("maintenance", {"job": job})
    backup_key(platform)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Bucket, "exists", lambda *_: False)
        assert platform.invoke("backup_key", BACKUP)["existed"]


def backup_key(platform):
    made = platform.invoke("backup_key", BACKUP)["backup"]
    platform.invoke("backup_key", {"job": "verify", "backup": made})
    with pytest.raises(Exception, match="there is no backups/none/"):
        platform.invoke("backup_key", {"job": "verify", "backup": "none"})
