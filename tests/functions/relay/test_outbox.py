"""Events as transactions add them: their ids sort as the changes they tell of were made."""

import pytest

from functions.platform_runtime.events import outbox as module

TOPIC = "workspace#w1"


@pytest.mark.usefixtures("sql")
def test_who_began_first_and_changed_last_has_the_later_id(postgres):
    connect = postgres.connect
    with connect("platform_app") as second, connect("platform_app") as first, first.transaction():
        first.execute("SELECT 1")  # begun, and then it waited for the other's lock
        with second.transaction():
            earlier = module.add(second, TOPIC, {"n": 1})
        later = module.add(first, TOPIC, {"n": 2})

    assert earlier.row < later.row
    assert earlier.event_id < later.event_id
