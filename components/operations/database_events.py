"""RDS's own notices about instances, parameter groups and security groups."""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, ResourceOptions

CATEGORIES = {
    "db-instance": [
        "availability",
        "configuration change",
        "failure",
        "low storage",
        "maintenance",
    ],
    "db-parameter-group": ["configuration change"],
}
"""Not of DB security groups, which went with EC2-Classic: an instance in a VPC has none.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html"""


@dataclass(frozen=True, kw_only=True)
class DatabaseEventsArgs:
    """Where the notices go."""

    topic_arn: Input[str]


class DatabaseEvents(ComponentResource):
    """One subscription per kind of source."""

    def __init__(
        self, name: str, args: DatabaseEventsArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:operations:DatabaseEvents", name, None, opts)
        for source, categories in CATEGORIES.items():
            aws.rds.EventSubscription(
                f"{name}-{source.removeprefix('db-')}",
                sns_topic=args.topic_arn,
                source_type=source,
                event_categories=categories,
                enabled=True,
                opts=ResourceOptions(parent=self),
            )
        self.register_outputs({})
