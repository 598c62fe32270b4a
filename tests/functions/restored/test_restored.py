"""An archived object that is back: told once, to those whose it is."""

import json
from uuid import uuid4

import psycopg
import pytest

from contract.module_routes import MODULES, PARTS
from functions.platform_runtime.objects.status import object_key
from tests.functions.relay.conftest import Context


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("module", MODULES.values(), ids=list(MODULES))
def test_the_items_workspace_is_told_which_part_is_back_and_for_how_long(
    restored, outbox, workspace, item, module, part
):
    made = item(module.table)

    assert restored(object_key(workspace, module.name, made, part)) == "told"

    assert outbox() == [
        {
            "type": f"{module.one}.restored",
            "id": str(made),
            "part": part,
            "state": "restored",
            "restored_until": "2021-11-13T00:00:00+00:00",
        }
    ]


def test_an_item_the_clean_up_has_archived_is_told_of_too(
    restored, outbox, workspace, payload, migrated
):
    migrated.execute(
        "WITH gone AS (DELETE FROM simcore_simulations WHERE workspace_id = %s RETURNING *)"
        " INSERT INTO simulations_archive SELECT * FROM gone",
        workspace,
    )

    assert restored(payload) == "told"
    assert len(outbox()) == 1


def test_what_s3_says_twice_is_one_row(restored, outbox, payload):
    assert [restored(payload), restored(payload)] == ["told", "told before"]
    assert len(outbox()) == 1


def test_a_later_restore_and_another_version_are_notices_of_their_own(restored, outbox, payload):
    assert restored(payload) == "told"
    assert restored(payload, until="2021-12-24T00:00:00Z") == "told"
    assert restored(payload, versionId="IYV3p45BT0ac8hjHg1houSdS1a.Mro8e") == "told"
    assert len(outbox()) == 3


def test_the_outboxs_own_numbers_are_never_taken(restored, payload, migrated):
    restored(payload)

    [(lowest,)] = migrated.execute("SELECT min(id) FROM outbox")
    [(own,)] = migrated.execute(
        "INSERT INTO outbox (topic, event) VALUES ('workspace#other', '{}') RETURNING id"
    )
    assert lowest < 0 < own


@pytest.mark.parametrize(
    "key",
    [
        "example-key",
        "backups/20261122T030000Z/full-backup.json",
        "objects/",
        "objects/{workspace}/{module}/{item}",
        "objects/{workspace}/{module}/{item}/payload/more",
        "objects/{workspace}/{module}/{item}/other",
        "objects/{workspace}/other/{item}/payload",
        "objects/{workspace}/{module}/1/payload",
        "objects/{upper}/{module}/{item}/payload",
        "objects/{workspace}/{module}/{item}/payload\n",
        "backups/objects/{workspace}/{module}/{item}/payload",
    ],
)
def test_a_key_no_module_gives_is_logged_and_left(restored, outbox, log, workspace, item, key):
    made = item("simcore_simulations")
    ids = {"workspace": workspace, "upper": str(workspace).upper(), "item": made}
    found = key.format(module="simcore", **ids)

    assert restored(found) == "not an item's"

    assert outbox() == []
    [line] = [json.loads(line) for line in log().splitlines()]
    assert (line["level"], line["key"], line["outcome"]) == ("INFO", found, "not an item's")


def test_an_item_that_is_gone_or_in_another_workspace_or_module_is_nobodys(
    restored, outbox, workspace, item
):
    made = item("simcore_simulations")
    keys = [
        object_key(workspace, "simcore", uuid4(), "payload"),
        object_key(uuid4(), "simcore", made, "payload"),
        object_key(workspace, "qmlab", made, "payload"),
    ]

    assert [restored(key) for key in keys] == ["item is gone"] * 3
    assert outbox() == []


def test_an_event_of_another_form_is_an_error_for_the_dead_letters(restored, outbox, payload):
    with pytest.raises(ValueError, match="Invalid isoformat"):
        restored(payload, until="tomorrow")

    assert outbox() == []


def test_a_database_that_takes_no_changes_is_an_error_and_the_next_try_tells(
    restored, outbox, payload, migrated, environment
):
    environment.setenv("PGOPTIONS", "-c default_transaction_read_only=on")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        restored(payload)

    environment.delenv("PGOPTIONS")
    migrated.execute(
        "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity"
        " WHERE usename = 'platform_app'"
    )
    assert restored(payload) == "told"
    assert len(outbox()) == 1


def test_a_notice_said_again_after_it_was_relayed_is_the_same_event(
    restored, outbox, payload, workspace, events_table, fresh
):
    from functions.relay import app

    relay = fresh(app)
    for outcome in ("told", "told"):
        assert restored(payload) == outcome
        relay.handler({}, Context())
    relay.database().close()

    assert outbox() == []
    [event] = events_table.scan()["Items"]
    message = json.loads(event["message"])
    assert event["topic"] == message["topic"] == f"workspace#{workspace}"
    assert message["time"] == "2021-11-12T00:00:00+00:00"
    assert message["event"]["type"] == "simulation.restored"
