"""The DynamoDB tables of contract/tables.py."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from components import iam
from components.alarm import Alarm, Metric, Priority
from components.api.function import Function
from components.context import Context
from components.former import child_of
from components.names import table_of
from contract.tables import Index, Table

BATCH = 100
WINDOW_SECONDS = 1
MAX_AGE_SECONDS = 300
"""An event nobody heard of for five minutes is in the database all the same."""
RETRIES = 3


@dataclass(frozen=True, kw_only=True)
class TablesArgs:
    """``tables`` are those this stack has."""

    context: Context
    tables: Sequence[Table]


class Tables(ComponentResource):
    """Tables that scale with use, recover to any second, and forget what has expired."""

    names: dict[str, Output[str]]
    arns: dict[str, Output[str]]
    stream_arns: dict[str, Output[str]]
    alarms: list[Alarm]

    def __init__(self, name: str, args: TablesArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:data:Tables", name, None, opts)
        self._args = args
        tables = {table.name: self._table(name, table) for table in args.tables}
        self.names = {key: table.name for key, table in tables.items()}
        self.arns = {key: table.arn for key, table in tables.items()}
        self.stream_arns = {t.name: tables[t.name].stream_arn for t in args.tables if t.stream}
        self.alarms = [
            _throttled(
                f"{name}-{table.name.replace('_', '-')}",
                self.names[table.name],
                # What expires can be written again.
                Priority.DEGRADED if table.ttl is None else Priority.ECHO,
            )
            for table in args.tables
        ]
        self.register_outputs(
            {"names": self.names, "arns": self.arns, "stream_arns": self.stream_arns}
        )

    def grants(self, table: str, *actions: str, index: str = "") -> list[iam.Grant]:
        """Let a function call ``actions`` on a table or, with ``index``, on that index of it; and
        use the key through DynamoDB alone.

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
        """
        sid = f"Table{f'{table}_{index}'.title().replace('_', '')}"
        arn = table_of(self.arns, table, index=index)
        return [
            iam.Grant(
                sid=sid,
                actions=[f"dynamodb:{action}" for action in actions],
                resources=[Output.concat(arn, "/index/", index) if index else arn],
            ),
            iam.key_through(
                "dynamodb",
                self._args.context.region,
                self._args.context.key_arn,
                "kms:Decrypt",
                sid=f"{sid}Key",
            ),
        ]

    def feed(self, table: str, function: Function) -> None:
        """Have a function read a table's new items in batches: what expires is deleted, and would
        be told of too.

        A batch that fails is split until the item that fails is alone; where that is in the stream
        goes to the function's queue for failures.
        """
        aws.lambda_.EventSourceMapping(
            table,
            event_source_arn=table_of(self.stream_arns, table, stream=True),
            function_name=function.alias_arn,
            starting_position="LATEST",
            batch_size=BATCH,
            maximum_batching_window_in_seconds=WINDOW_SECONDS,
            function_response_types=["ReportBatchItemFailures"],
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=RETRIES,
            maximum_record_age_in_seconds=MAX_AGE_SECONDS,
            filter_criteria={"filters": [{"pattern": json.dumps({"eventName": ["INSERT"]})}]},
            destination_config={"on_failure": {"destination_arn": function.failures_arn}},
            opts=ResourceOptions(
                parent=self, aliases=[child_of("ma-platform:data:EventStream", table)]
            ),
        )

    def stream_grants(self, table: str) -> list[iam.Grant]:
        """Let a function read a table's stream."""
        stream_arn = table_of(self.stream_arns, table, stream=True)
        return [
            iam.Grant(
                sid="Stream",
                actions=[
                    "dynamodb:DescribeStream",
                    "dynamodb:GetRecords",
                    "dynamodb:GetShardIterator",
                    "dynamodb:ListStreams",
                ],
                resources=[stream_arn],
            ),
            iam.key_through(
                "dynamodb",
                self._args.context.region,
                self._args.context.key_arn,
                "kms:Decrypt",
                sid="StreamKey",
            ),
        ]

    def _table(self, name: str, table: Table) -> aws.dynamodb.Table:
        # What expires is no data, and a protected table could not go with its feature.
        protect = self._args.context.protect and table.ttl is None
        return aws.dynamodb.Table(
            f"{name}-{table.name.replace('_', '-')}",
            billing_mode="PAY_PER_REQUEST",
            hash_key=table.partition_key,
            range_key=table.sort_key,
            attributes=[{"name": key, "type": "S"} for key in dict.fromkeys(_keys(table))],
            global_secondary_indexes=[
                {
                    "name": index.name,
                    "key_schemas": [
                        {"attribute_name": key, "key_type": kind}
                        for key, kind in ((index.partition_key, "HASH"), (index.sort_key, "RANGE"))
                        if key
                    ],
                    "projection_type": "ALL",
                }
                for index in table.indexes
            ],
            ttl={"enabled": True, "attribute_name": table.ttl} if table.ttl else None,
            stream_enabled=table.stream,
            stream_view_type="NEW_IMAGE" if table.stream else None,
            server_side_encryption={"enabled": True, "kms_key_arn": self._args.context.key_arn},
            point_in_time_recovery={"enabled": True},
            deletion_protection_enabled=protect,
            opts=ResourceOptions(parent=self, protect=protect),
        )


def _keys(table: Table) -> Iterator[str]:
    keyed: list[Table | Index] = [table, *table.indexes]
    for keys in keyed:
        yield keys.partition_key
        if keys.sort_key:
            yield keys.sort_key


def _throttled(name: str, table_name: Output[str], priority: Priority) -> Alarm:
    return Alarm(
        name=f"{name}-throttled",
        issue="outage",
        priority=priority,
        metrics={
            key: Metric(
                namespace="AWS/DynamoDB",
                name=metric,
                dimensions={"TableName": table_name},
                statistic="Sum",
            )
            for key, metric in (("r", "ReadThrottleEvents"), ("w", "WriteThrottleEvents"))
        },
        expression="FILL(r, 0) + FILL(w, 0)",
        threshold=0,
        action="DynamoDB refuses requests: one key is too hot, or the account's limit is reached.",
    )
