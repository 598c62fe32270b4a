"""Tells a workspace that an archived object of its can be read again.

S3 calls it, hours after a module asked for the object, and at least once. Each time this writes
the same row to the outbox: while it waits there it is one row, and once relayed it is the same
event again, under the id that the events table and its listeners know already.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
"""

from functools import cache
from typing import Any, Literal

from aws_lambda_powertools.utilities.typing import LambdaContext
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from functions.platform_runtime.database.postgres import Connection, Database
from functions.platform_runtime.identity.tickets import TOPIC_PREFIX
from functions.platform_runtime.settings import DatabaseSettings, read
from functions.platform_runtime.telemetry import log
from functions.platform_runtime.telemetry.failures import marked
from functions.restored.notice import Notice, Place

Outcome = Literal["told", "told before", "not an item's", "item is gone"]

SECONDS = 8.0
"""With a connect before it, it still ends in the function's time."""
FIND = SQL("SELECT FROM {table} WHERE id = %s AND workspace_id = %s")
TELL = """
    INSERT INTO outbox (id, topic, event, created_at) OVERRIDING SYSTEM VALUE
    VALUES (%s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""


@cache
def settings() -> DatabaseSettings:
    return read(DatabaseSettings)


@cache
def database() -> Database:
    return Database(settings())


logger = log.logger("restored")


def run(event: dict[str, Any], _: LambdaContext) -> dict[str, list[Outcome]]:
    """Write the notices. What fails is raised: Lambda tries again, then keeps the event."""
    return {"outcomes": [_told(notice) for notice in map(Notice.read, event["Records"])]}


def _told(notice: Notice) -> Outcome:
    outcome = tell(notice)
    logger.info("object restored", extra={"key": notice.key, "outcome": outcome})
    return outcome


def tell(notice: Notice) -> Outcome:
    """Tell of the object, if it is an item's and the item still there."""
    place = Place.of(notice.key)
    if place is None:
        return "not an item's"
    with database().transaction(timeout_seconds=SECONDS) as connection:
        if not _exists(connection, place):
            return "item is gone"
        topic, event = f"{TOPIC_PREFIX}{place.workspace}", Jsonb(_event(notice, place))
        written = connection.execute(TELL, [notice.number, topic, event, notice.at])
        return "told" if written.rowcount else "told before"


def _exists(connection: Connection, place: Place) -> bool:
    """In this order: the clean-up moves an item to the archive, and never back."""
    return any(
        connection.execute(
            FIND.format(table=Identifier(table)), [place.item, place.workspace]
        ).rowcount
        for table in (place.module.table, place.module.archive)
        if table is not None
    )


def _event(notice: Notice, place: Place) -> dict[str, str]:
    return {
        "type": f"{place.module.one}.restored",
        "id": str(place.item),
        "part": place.part,
        "state": "restored",
        "restored_until": notice.until.isoformat(),
    }


handler = marked(logger)(run)
