"""A table's stream, read by a function in batches."""

import json
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, ResourceOptions

from components.api.function import Function

BATCH = 100
WINDOW_SECONDS = 1
MAX_AGE_SECONDS = 300
"""An event nobody heard of for five minutes is in the database all the same."""
RETRIES = 3


@dataclass(frozen=True, kw_only=True)
class EventStreamArgs:
    """``function`` may read the stream by its grants."""

    stream_arn: Input[str]
    function: Function


class EventStream(ComponentResource):
    """New items only: what expires is deleted, and would be told of too.

    A batch that fails is split until the item that fails is alone; where that is goes to the
    function's own queue, which its role may write to.
    """

    def __init__(
        self, name: str, args: EventStreamArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:data:EventStream", name, None, opts)
        aws.lambda_.EventSourceMapping(
            name,
            event_source_arn=args.stream_arn,
            function_name=args.function.alias_arn,
            starting_position="LATEST",
            batch_size=BATCH,
            maximum_batching_window_in_seconds=WINDOW_SECONDS,
            function_response_types=["ReportBatchItemFailures"],
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=RETRIES,
            maximum_record_age_in_seconds=MAX_AGE_SECONDS,
            filter_criteria={"filters": [{"pattern": json.dumps({"eventName": ["INSERT"]})}]},
            destination_config={"on_failure": {"destination_arn": args.function.failures_arn}},
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})
