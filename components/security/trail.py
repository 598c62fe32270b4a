"""CloudTrail: every call to AWS in this account, in all Regions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws.cloudtrail import TrailAdvancedEventSelectorArgsDict as Selector
from pulumi_aws.cloudtrail import TrailAdvancedEventSelectorFieldSelectorArgsDict as Field

from components import iam
from components.alarm import Alarm
from components.context import Context
from components.security.audit_archive import AuditArchive
from components.security.trail_events import EVENTS, NAMESPACE
from config.sections import Audit
from contract.audit import ANCHORS, LINES, TRAIL
from contract.objects import BACKUPS

INSIGHTS = ("ApiCallRateInsight", "ApiErrorRateInsight")


@dataclass(frozen=True, kw_only=True)
class TrailArgs:
    """``trail_name`` is AWS's own: the archive's and the key's policies name the trail by it.

    ``data_bucket_arn`` is of the bucket whose backups are watched.
    """

    context: Context
    config: Audit
    archive: AuditArchive
    data_bucket_arn: Input[str]


class Trail(ComponentResource):
    """Into the locked archive, and into a log group that the account's alarms are read from.

    No notices of delivered files: there are hundreds a day, which nobody would read.
    """

    alarms: list[Alarm]
    log_group_arn: Output[str]

    def __init__(self, name: str, args: TrailArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:security:Trail", name, None, opts)
        self._name = name
        group = aws.cloudwatch.LogGroup(
            name,
            retention_in_days=args.context.logs.retention_days,
            kms_key_id=args.context.key_arn,
            opts=ResourceOptions(parent=self),
        )
        role, policy = self._role(group.arn)
        aws.cloudtrail.Trail(
            name,
            name=args.context.identifier,
            s3_bucket_name=args.archive.bucket,
            s3_key_prefix=TRAIL.strip("/"),
            kms_key_id=args.context.key_arn,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_logging=True,
            enable_log_file_validation=True,
            cloud_watch_logs_group_arn=Output.concat(group.arn, ":*"),
            cloud_watch_logs_role_arn=role.arn,
            advanced_event_selectors=selectors(args.archive.arn, args.data_bucket_arn),
            insight_selectors=[{"insight_type": kind} for kind in INSIGHTS]
            if args.config.insights
            else None,
            # CloudTrail tries the role out when a trail is made.
            opts=ResourceOptions(parent=self, depends_on=[policy]),
        )
        self._group, self.log_group_arn = group.name, group.arn
        self.alarms = [event.alarm(name) for event in EVENTS]
        self.register_outputs({})

    def measure(self, alarms: Collection[str]) -> None:
        """Count in its log what these alarms are on, and nothing that nobody reads."""
        for event in EVENTS:
            if event.alarm(self._name).name not in alarms:
                continue
            aws.cloudwatch.LogMetricFilter(
                f"{self._name}-{event.name}",
                log_group_name=self._group,
                pattern=event.pattern,
                # Without a default: a metric costs only in the hours in which it has a value.
                metric_transformation={"name": event.name, "namespace": NAMESPACE, "value": "1"},
                opts=ResourceOptions(parent=self),
            )

    def _role(self, group_arn: Output[str]) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        """CloudTrail does not say for whom it assumes this role:
        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html"""
        child = ResourceOptions(parent=self)
        role = aws.iam.Role(
            self._name,
            assume_role_policy=iam.service_trust("cloudtrail.amazonaws.com", None),
            opts=child,
        )
        write = iam.allow(
            "Write",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[Output.concat(group_arn, ":log-stream:*")],
        )
        policy = aws.iam.RolePolicy(
            self._name, role=role.id, policy=iam.document([write]), opts=child
        )
        return role, policy


def selectors(archive_arn: Input[str], data_bucket_arn: Input[str]) -> Sequence[Selector]:
    """Calls that manage, and calls on objects where a reader or writer is worth a line.

    Not CloudTrail's own writes to the archive: each file would be reason for another.
    """
    watched = {
        "Audit lines and anchors": [
            Output.concat(archive_arn, "/", prefix) for prefix in (LINES, ANCHORS)
        ],
        "Backups": [Output.concat(data_bucket_arn, "/", BACKUPS)],
    }
    trail = {"Trail, but for its making": [Output.concat(archive_arn, "/", TRAIL)]}
    return [
        {
            "name": "Management",
            "field_selectors": [{"field": "eventCategory", "equals": ["Management"]}],
        },
        *(_objects(name, prefixes) for name, prefixes in watched.items()),
        *(_objects(name, prefixes, but="PutObject") for name, prefixes in trail.items()),
    ]


def _objects(name: str, prefixes: list[Output[str]], but: str | None = None) -> Selector:
    fields: list[Field] = [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": ["AWS::S3::Object"]},
        {"field": "resources.ARN", "starts_withs": prefixes},
    ]
    if but is not None:
        fields.append({"field": "eventName", "not_equals": [but]})
    return {"name": name, "field_selectors": fields}
