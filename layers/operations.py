"""Operations: what records, watches and upkeeps the stack, and who may deploy it."""

from pulumi import Output

from components.alarm import Watched
from components.context import Context
from components.data.storage import SOURCE_MAPS
from components.names import function_of
from components.operations.alarms import Alarms, AlarmsArgs
from components.operations.database_events import DatabaseEvents, DatabaseEventsArgs
from components.operations.jobs import Jobs, JobsArgs
from components.operations.topics import Topics, TopicsArgs
from components.security.audit_delivery import AuditDelivery, AuditDeliveryArgs
from components.security.delivery import Delivery, DeliveryArgs
from components.security.deploy_access import Reach
from components.security.trail import Trail, TrailArgs
from config.capacity import declared
from contract.jobs import JOBS
from layers.api import Api
from layers.base import Base
from layers.data import Data
from layers.edge import Edge
from layers.functions import Functions
from layers.security import Security


def declare(
    base: Base, security: Security, data: Data, api: Api, edge: Edge, functions: Functions
) -> None:
    """The last layer: it offers nothing, and needs all the others."""
    config = base.config
    topics = _topics("topics", base, base.context)
    edge_topics = topics if base.edge is base.context else _topics("topics-edge", base, base.edge)
    trail = _trail(base, security, data) if config.account.has_trail() else None
    # Of equal priority, a small allowance keeps the first.
    watched: list[Watched | None] = [
        security.failures,
        functions,
        api.http,
        api.websocket,
        edge.cdn,
        edge.firewall,
        _audit_delivery(base, security, functions),
        trail,
        edge.client,
        data.database,
        data.proxy,
        data.replicas,
        data.tables,
        data.rotation,
    ]
    alarms = AlarmsArgs(
        config=config.alarms,
        stated=[alarm for component in watched if component for alarm in component.alarms],
        region=base.context.region,
        topics=topics.arns,
        edge_topics=edge_topics.arns,
    )
    kept = Alarms("alarms", alarms, base.opts).kept
    if trail:
        trail.measure(kept)
    DatabaseEvents(
        "database-events", DatabaseEventsArgs(topic_arn=topics.arns["outage"]), base.opts
    )
    _jobs(base, functions)
    _delivery(base, security, data, edge, functions, trail)


def _topics(name: str, base: Base, context: Context) -> Topics:
    return Topics(
        name,
        TopicsArgs(context=context, contacts=base.config.contacts),
        base.opts,
    )


def _audit_delivery(base: Base, security: Security, functions: Functions) -> AuditDelivery:
    audited = [spec.name for spec in declared(base.config) if spec.audits]
    return AuditDelivery(
        "audit-delivery",
        AuditDeliveryArgs(
            context=base.context,
            archive=security.audit_archive,
            functions={name: functions.by_name[name] for name in audited},
        ),
        base.opts,
    )


def _trail(base: Base, security: Security, data: Data) -> Trail:
    return Trail(
        "trail",
        TrailArgs(
            context=base.context,
            config=base.config.audit,
            archive=security.audit_archive,
            data_bucket_arn=data.storage.arn,
        ),
        base.opts,
    )


def _jobs(base: Base, functions: Functions) -> None:
    Jobs(
        "jobs",
        JobsArgs(
            context=base.context,
            jobs={name: job for name, job in JOBS.items() if base.realtime or not job.realtime},
            functions=functions.by_name,
        ),
        base.opts,
    )


def _delivery(
    base: Base,
    security: Security,
    data: Data,
    edge: Edge,
    functions: Functions,
    trail: Trail | None,
) -> None:
    config, context = base.config, base.context
    if not (config.delivery and security.boundary):
        return
    Delivery(
        "delivery",
        DeliveryArgs(
            config=config.delivery,
            owner=config.account.owner,
            reach=Reach(
                account_id=context.account_id,
                region=context.region,
                copy_region=config.backup.copy_region,
                boundary_arn=security.boundary.arn,
                key_arns=[each.key_arn for each in base.contexts],
                called_arns=[
                    function_of(functions.by_name, name, "layers/operations.py").arn
                    for name in ("bootstrap", "rotation")
                ],
                site_bucket=edge.site.bucket,
                maps_arn=Output.concat(data.storage.arn, "/", SOURCE_MAPS, "*"),
                zone_id=config.edge.zone_id,
                audit_arns=[security.audit_archive.arn],
                trail_arns=[trail.log_group_arn] if trail else [],
            ),
            data_buckets=[
                data.storage.bucket,
                security.log_archive.bucket,
                security.audit_archive.bucket,
            ],
        ),
        base.opts,
    )
