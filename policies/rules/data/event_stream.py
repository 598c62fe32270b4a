"""Rules for streams: who reads them, in what batches, and what is done with what fails."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from graph.model import UNKNOWN, Resource
from graph.stores import TABLE
from policies.paths import MISSING
from policies.predicates import GIVEN, ON, Must, between, includes
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.operations.failures import MAPPING
from policies.stack import Stack

HALF_AN_HOUR: Final = 1800

_mapping = partial(Property, type=MAPPING)


def _streams(mapping: Resource) -> bool:
    return "startingPosition" in mapping.inputs


ROWS: Final[tuple[Rule, ...]] = (
    _mapping(
        name="stream-keeps-what-failed",
        path="destinationConfig.onFailure.destinationArn",
        must=GIVEN,
        controls=["4.5", "13.16"],
        fix="set destinationConfig.onFailure.destinationArn to a queue",
        only=_streams,
    ),
    _mapping(
        name="stream-finds-the-bad-record",
        path="bisectBatchOnFunctionError",
        must=ON,
        controls=["13.16"],
        fix="set bisectBatchOnFunctionError to true: one bad record holds up its batch",
        only=_streams,
    ),
    _mapping(
        name="stream-reports-what-failed",
        path="functionResponseTypes",
        must=includes("ReportBatchItemFailures"),
        controls=["13.16"],
        fix="set functionResponseTypes to ReportBatchItemFailures: else all of a batch comes again",
    ),
    _mapping(
        name="stream-gives-up",
        path="maximumRetryAttempts",
        must=between(0, 20),
        controls=["13.16"],
        fix="set maximumRetryAttempts: without it a record that fails blocks its shard for a day",
        only=_streams,
    ),
    _mapping(
        name="stream-forgets-what-is-old",
        path="maximumRecordAgeInSeconds",
        must=between(60, HALF_AN_HOUR),
        controls=["13.16"],
        fix="set maximumRecordAgeInSeconds: nobody waits half an hour for a message",
        only=_streams,
    ),
    _mapping(
        name="stream-waits-briefly",
        path="maximumBatchingWindowInSeconds",
        must=between(0, 5),
        controls=["13.16"],
        fix="set maximumBatchingWindowInSeconds to a few seconds: people wait for the push",
        only=_streams,
    ),
    _mapping(
        name="stream-in-small-batches",
        path="batchSize",
        must=Must("is 500 or less", lambda size: size is MISSING or 1 <= size <= 500),
        controls=["13.16"],
        fix="set batchSize to 500 or less, or leave AWS's 100: a function must end a batch in time",
        only=_streams,
    ),
)


@rule("13.16", fix="declare a lambda.EventSourceMapping of the stream, or set streamEnabled false")
def streams_read(stack: Stack) -> Iterator[Judgement]:
    """Somebody reads what a table's stream hands on."""
    for table in stack.of(TABLE):
        if table.inputs.get("streamEnabled") is True:
            readers = stack.companions(table, MAPPING, "eventSourceArn")
            yield met(table) if readers else violated(table, "nobody reads its stream")


@rule("13.16", fix="set streamEnabled to true, with the streamViewType that the reader wants")
def streams_written(stack: Stack) -> Iterator[Judgement]:
    """A table whose stream is read has one."""
    for mapping in stack.of(MAPPING):
        for table in stack.targets(mapping, "eventSourceArn", TABLE):
            streams = table.inputs.get("streamEnabled")
            if streams is UNKNOWN:
                yield undecided(mapping, "streamEnabled")
            else:
                yield met(mapping) if streams else violated(mapping, f"{table.label} has no stream")


RULES: Final[tuple[Rule, ...]] = (*ROWS, streams_read, streams_written)
