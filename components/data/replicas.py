"""Read replicas: the primary's hardening, spread over the zones."""

from dataclasses import dataclass, replace
from functools import partial

from pulumi import ComponentResource, Output, ResourceOptions

from components import iam
from components.alarm import Alarm, Priority
from components.context import Context
from components.data import instance_logs
from components.data.database import Database
from components.data.instance import parameter_group
from components.data.instance_alarms import instance_alarms, lag_alarm
from config.sections import Database as DatabaseConfig


@dataclass(frozen=True, kw_only=True)
class ReplicasArgs:
    """``zones`` are the names of the network's zones, in its order."""

    context: Context
    config: DatabaseConfig
    primary: Database
    zones: list[Output[str]]


class Replicas(ComponentResource):
    """Readers of one primary, numbered from one."""

    endpoints: list[Output[str]]
    resource_ids: list[Output[str]]
    alarms: list[Alarm]

    def __init__(self, name: str, args: ReplicasArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:data:Replicas", name, None, opts)
        self._primary = args.primary
        self.endpoints, self.resource_ids, self.alarms = [], [], []
        hardened = args.primary.hardened
        if args.config.proxy:
            # The proxy serves no replica: what a function leaves open there is cut.
            group = parameter_group(self, name, args.config, behind_proxy=False)
            hardened = partial(hardened, parameter_group_name=group.name)
        for number in range(1, args.config.replicas + 1):
            child, identifier = f"{name}-{number}", f"{args.context.identifier}-replica-{number}"
            instance = hardened(
                child,
                identifier=identifier,
                replicate_source_db=args.primary.identifier,
                # The first beside the primary's usual zone, the rest around the circle.
                availability_zone=args.zones[number % len(args.zones)],
                skip_final_snapshot=True,
                opts=ResourceOptions(
                    parent=self,
                    # A zone added later must not move, and so replace, a replica.
                    ignore_changes=["availability_zone"],
                    depends_on=instance_logs.groups(self, child, identifier, args.context),
                ),
            )
            self.endpoints.append(instance.endpoint)
            self.resource_ids.append(instance.resource_id)
            self.alarms.append(lag_alarm(child, instance.identifier))
            self.alarms += [
                # What fills or slows a replica does the same to its primary or its readers.
                replace(alarm, priority=max(alarm.priority, Priority.ECHO))
                for alarm in instance_alarms(child, instance, args.config)
            ]
        self.register_outputs({"endpoints": self.endpoints, "resource_ids": self.resource_ids})

    def grant_connect(self, user: str) -> iam.Grant:
        """Let a function sign in to every replica as ``user`` with an IAM token."""
        return self._primary.connect_grant("ConnectReaders", self.resource_ids, user)
