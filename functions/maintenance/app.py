"""Runs the job its event names: {"job": "cleanup_old_simulations"}.

What fails is raised, so that Lambda tries a scheduled event again and then hands it to the failure
destination; every job may be run twice. The jobs on backups are run by the function ``backup_key``,
for they need a key this one, inside the VPC, cannot read. It waits for the answer: an asynchronous
event would carry that key into a queue.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.maintenance.bucket import Bucket
from functions.maintenance.deadline import Deadline
from functions.maintenance.errors import JobError
from functions.platform_runtime import settings as platform
from functions.platform_runtime.database.postgres import Connection, connect
from functions.platform_runtime.secrets.sealing import DataKey
from functions.platform_runtime.settings import MeasuredSettings, WriterSettings
from functions.platform_runtime.telemetry import log, usage
from functions.platform_runtime.telemetry.failures import marked

Event = dict[str, Any]
Result = dict[str, Any]

logger = log.logger("maintenance")


@dataclass(frozen=True, kw_only=True)
class Settings(WriterSettings, MeasuredSettings):
    """What this function is given besides."""

    data_bucket: str
    audit_bucket: str


@cache
def settings() -> Settings:
    return platform.read(Settings)


@cache
def bucket() -> Bucket:
    return Bucket(settings().data_bucket)


def cleanup_old_simulations(_: Event, deadline: Deadline) -> Result:
    from functions.maintenance import cleanup

    with _connection() as connection:
        done = cleanup.cleanup_old_simulations(connection, deadline)
    if not done.finished:
        logger.warning("unfinished: the next run goes on from here", extra={"left": done.left})
    return {**asdict(done), "finished": done.finished}


def slow_query_report(_: Event, __: Deadline) -> Result:
    from functions.maintenance import slow_queries

    with _connection() as connection:
        report = slow_queries.slow_query_report(connection)
    for rank, query in enumerate(report.queries, start=1):
        logger.info("slow query", extra={"rank": rank, **asdict(query)})
    return asdict(report)


def export(event: Event, deadline: Deadline) -> Result:
    from functions.maintenance import export

    reason, timestamp = event.get("reason"), event.get("timestamp")
    if not (isinstance(reason, str) and reason and isinstance(timestamp, str)):
        raise JobError("an export has a reason and a timestamp")
    key = _data_key(event)
    with _connection() as connection:
        done = export.export(
            connection, bucket(), key, deadline, reason=reason, timestamp=timestamp
        )
    return asdict(done)


def verify(event: Event, _: Deadline) -> Result:
    from functions.maintenance import reading

    return asdict(reading.verify(bucket(), _data_key(event)))


def restore(event: Event, deadline: Deadline) -> Result:
    from functions.maintenance import restore

    key = _data_key(event)
    with _connection() as connection:
        return asdict(restore.restore(connection, bucket(), key, deadline))


def verify_audit(_: Event, deadline: Deadline) -> Result:
    from functions.maintenance import audit

    with _connection() as connection:
        done = audit.verify_audit(connection, audit.Anchors(settings().audit_bucket), deadline)
    if done.rows and done.anchor is None:
        logger.warning("no anchor: the trail's end could not be checked, the next run checks it")
    return asdict(done)


JOBS: dict[str, Callable[[Event, Deadline], Result]] = {
    job.__name__: job
    for job in (cleanup_old_simulations, slow_query_report, export, verify, restore, verify_audit)
}


@marked(logger)
def handler(event: Event, context: LambdaContext) -> Result:
    """Run a job. Raises JobError for one that is not known, with those that are."""
    deadline = Deadline.within(context.get_remaining_time_in_millis() / 1000)
    name = event.get("job")
    job = JOBS.get(name) if isinstance(name, str) else None
    if job is None:
        raise JobError(f"no job {name!r}; there are {', '.join(JOBS)}")
    with usage.metered(settings().environment):
        result = job(event, deadline)
    logger.info("done", extra={"job": name, "result": result})
    return {"job": name, **result}


def _connection() -> "closing[Connection]":
    """The writer, past the proxy and for this job alone: it changes what the session does."""
    connection = connect(settings().db_host, settings())
    connection.execute("SET statement_timeout = 0; SET lock_timeout = 0")
    return closing(connection)


def _data_key(event: Event) -> DataKey:
    try:
        return DataKey.from_payload(event["data_key"])
    except (KeyError, TypeError, ValueError):
        # Not "from": the error may quote what it could not read.
        raise JobError(
            "no data key: the function backup_key runs this job, and sends one along"
        ) from None
