"""MA Platform on AWS: one stack's configuration, its components, its exports."""

import os

import pulumi
import pulumi_aws as aws
from pulumi import Input, InvokeOutputOptions, Output, ResourceOptions

from components.alarm import Watched
from components.api.fleet import FleetArgs, fleet
from components.api.function import Placement
from components.api.grants import Surroundings
from components.api.http_api import HttpApi, HttpApiArgs
from components.api.log_role import ApiLogRole, ApiLogRoleArgs
from components.api.websocket_api import WebSocketApi, WebSocketApiArgs
from components.data.backups import Backups, BackupsArgs
from components.data.database import Database, DatabaseArgs
from components.data.event_stream import EventStream, EventStreamArgs
from components.data.proxy import Proxy, ProxyArgs
from components.data.replicas import Replicas, ReplicasArgs
from components.data.restores import Restores, RestoresArgs
from components.data.storage import Storage, StorageArgs
from components.data.tables import Tables, TablesArgs
from components.edge import EDGE_REGION
from components.edge.browser_config import BrowserConfig
from components.edge.cdn import Cdn, CdnArgs
from components.edge.firewall import Firewall, FirewallArgs
from components.edge.origin_lock import OriginLock, OriginLockArgs
from components.edge.origins import Origins
from components.edge.site import Site, SiteArgs
from components.operations.alarms import Alarms, AlarmsArgs
from components.operations.database_events import DatabaseEvents, DatabaseEventsArgs
from components.operations.jobs import Jobs, JobsArgs
from components.operations.log_archive import LogArchive, LogArchiveArgs
from components.operations.topics import Topics, TopicsArgs
from components.security.account import Account, AccountArgs
from components.security.audit_archive import AuditArchive, AuditArchiveArgs
from components.security.audit_delivery import AuditDelivery, AuditDeliveryArgs
from components.security.delivery import Delivery, DeliveryArgs
from components.security.deploy_access import Reach
from components.security.identity import Identity, IdentityArgs
from components.security.key import Key, KeyArgs
from components.security.network import IsolatedNetwork, NetworkArgs
from components.security.roles import Boundary, keep_roles_within
from components.security.rotation import Rotation, RotationArgs
from components.security.secrets import Secrets, SecretsArgs
from components.security.trail import Trail, TrailArgs
from components.security.trail_access import trail_arn
from config import firewall
from config.capacity import declared
from config.problems import KEY, ConfigError
from config.stack import ROOT, load
from contract.database import APP_USER, MIGRATOR_USER, NAME, PORT, PROXY_PORT
from contract.jobs import JOBS
from contract.routes import ROUTES
from contract.settings import Setting
from contract.tables import TABLES
from tools import ExpectedError
from tools.release import archive

ENGINE = "PULUMI_CONFIG"
"""Set by the CLI's language host: an archive is read by a real engine, never offline."""

project, stack = pulumi.get_project(), pulumi.get_stack()
try:
    config = load(
        pulumi.Config().require_object(KEY.split(":")[1]),
        region=aws.config.region,
        source=f"Pulumi.{stack}.yaml",
    )
except ConfigError as error:
    raise pulumi.RunError(str(error)) from error
region, protect, realtime = config.region, config.protect, config.features.realtime
identifier = f"{project}-{stack}"

tags = {"Project": project, "Stack": stack, "Environment": config.environment, "Tier": config.tier}
provider = aws.Provider("aws", region=region, default_tags={"tags": tags})
opts = ResourceOptions(provider=provider)
lookup = InvokeOutputOptions(provider=provider)
account_id = aws.get_caller_identity_output(opts=lookup).account_id
zones = aws.get_availability_zones_output(
    state="available",
    # RDS Proxy is not there: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
    exclude_zone_ids=["use1-az3"],
    # Local and wavelength zones have no RDS.
    filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}],
    opts=lookup,
).names

# Security
boundary = Boundary("boundary", opts) if config.delivery else None
keep_roles_within(boundary.arn if boundary else None)
if config.account.owner:
    Account("account", AccountArgs(config=config.account), opts)
trail = trail_arn(identifier, account_id, region) if config.account.has_trail() else None
key = Key(
    "key",
    KeyArgs(
        account_id=account_id,
        region=region,
        protect=protect,
        retain=config.database.final_snapshot,
        trail_arn=trail,
    ),
    opts,
)
edge_key = (
    key
    if region == EDGE_REGION
    else Key("key-edge", KeyArgs(account_id=account_id, region=EDGE_REGION, protect=protect), opts)
)
copy_key = (
    Key(
        "key-copies",
        KeyArgs(
            account_id=account_id,
            region=config.backup.copy_region,
            protect=protect,
            retain=config.database.final_snapshot,
        ),
        opts,
    )
    if config.backup.copy_region
    else None
)
network = IsolatedNetwork(
    "network",
    NetworkArgs(
        config=config.network,
        logs=config.logs,
        key_arn=key.arn,
        account_id=account_id,
        region=region,
        zones=zones,
    ),
    opts,
)
identity = Identity(
    "identity", IdentityArgs(config=config.identity, protect=protect, region=region), opts
)
secrets = Secrets(
    "secrets",
    SecretsArgs(protect=protect, key_arn=key.arn, account_id=account_id, region=region),
    opts,
)

# Data
log_archive = LogArchive(
    "logs", LogArchiveArgs(logs=config.logs, protect=protect, account_id=account_id), opts
)
storage = Storage(
    "data",
    StorageArgs(
        config=config.storage,
        protect=protect,
        key_arn=key.arn,
        region=region,
        logs_bucket=log_archive.bucket,
    ),
    opts,
)
audit_archive = AuditArchive(
    "audit",
    AuditArchiveArgs(
        config=config.audit,
        protect=protect,
        key_arn=key.arn,
        logs_bucket=log_archive.bucket,
        account_id=account_id,
        region=region,
        trail_arn=trail,
    ),
    opts,
)
tables = Tables(
    "tables",
    TablesArgs(
        tables=[table for table in TABLES.values() if realtime or not table.realtime],
        protect=protect,
        key_arn=key.arn,
        region=region,
    ),
    opts,
)
database = Database(
    "database",
    DatabaseArgs(
        config=config.database,
        logs=config.logs,
        identifier=identifier,
        protect=protect,
        vpc_id=network.vpc_id,
        subnet_ids=network.subnet_ids,
        key_arn=key.arn,
        account_id=account_id,
        region=region,
    ),
    opts,
)
Backups(
    "backups",
    BackupsArgs(
        config=config.backup,
        identifier=identifier,
        protect=protect,
        contact=config.contacts.data_loss,
        database_arn=database.arn,
        pitr_days=config.database.backup_days,
        table_arns=[arn for table, arn in tables.arns.items() if TABLES[table].ttl is None],
        subnet_ids=network.subnet_ids,
        closed_group_id=network.closed_group_id,
        key_arn=key.arn,
        copy_key_arn=copy_key.arn if copy_key else None,
        account_id=account_id,
        region=region,
    ),
    opts,
)
rotation = Rotation(
    "rotation",
    RotationArgs(
        secrets=secrets,
        database=database,
        key_arn=key.arn,
        account_id=account_id,
        region=region,
    ),
    opts,
)
readers = (
    [
        Replicas(
            "replicas",
            ReplicasArgs(
                config=config.database,
                logs=config.logs,
                identifier=identifier,
                primary=database,
                zones=network.zones,
                key_arn=key.arn,
            ),
            opts,
        )
    ]
    if config.database.replicas
    else []
)
writer = (
    Proxy(
        "proxy",
        ProxyArgs(
            logs=config.logs,
            proxy_name=identifier,
            database=database,
            vpc_id=network.vpc_id,
            subnet_ids=network.subnet_ids,
            key_arn=key.arn,
            account_id=account_id,
        ),
        opts,
    )
    if config.database.proxy
    else database
)

# The APIs exist before the CDN in front of them, and the functions behind them know both.
log_role = (
    ApiLogRole("api-logs", ApiLogRoleArgs(account_id=account_id, region=region), opts)
    if config.account.owner
    else None
)
http_api = HttpApi(
    "http",
    HttpApiArgs(
        config=config.api,
        logs=config.logs,
        key_arn=key.arn,
        origins=config.origins,
        routes=[route for route in ROUTES if realtime or not route.realtime],
    ),
    opts,
)
websocket_api = (
    WebSocketApi(
        "websocket",
        WebSocketApiArgs(
            config=config.api,
            logs=config.logs,
            key_arn=key.arn,
            log_account=log_role.account if log_role else None,
        ),
        opts,
    )
    if realtime
    else None
)

# Edge
lock = OriginLock("origin-lock", OriginLockArgs(config=config.edge), opts)
site = Site("site", SiteArgs(protect=protect, logs_bucket=log_archive.bucket), opts)
guards = (
    [
        Firewall(
            "firewall",
            FirewallArgs(
                config=config.edge,
                logs=config.logs,
                identifier=identifier,
                key_arn=edge_key.arn,
                account_id=account_id,
            ),
            opts,
        )
    ]
    if firewall.enabled(config.edge)
    else []
)
cdn = Cdn(
    "cdn",
    CdnArgs(
        config=config.edge,
        release=config.site.release,
        region=region,
        origins=Origins(
            site=site.domain_name,
            site_access_control_id=site.access_control_id,
            api=http_api.host,
            websocket=websocket_api.host if websocket_api else None,
            secret=lock.secret,
        ),
        sign_in_domain=identity.sign_in_domain,
        connect_sources=[Output.concat("https://", storage.domain_name)],
        logs_bucket_arn=log_archive.arn,
        web_acl_arn=guards[0].arn if guards else None,
    ),
    opts,
)
site.allow(cdn.distribution_arn)
listed = [o for o in config.origins if o != f"https://{config.edge.domain}"]
own_origins: list[Input[str]] = [cdn.url, *listed]
storage.allow_origins(*own_origins)
client = identity.browser_client(
    [*own_origins, *(o for o in config.identity.callback_origins if o not in listed)]
)

# Functions
try:
    archives = {spec.name: archive.path(spec, ROOT).relative_to(ROOT) for spec in declared(config)}
except ExpectedError as error:
    raise pulumi.RunError(str(error)) from error
missing = [path.name for path in archives.values() if not (ROOT / path).exists()]
if missing and ENGINE in os.environ:
    raise pulumi.RunError(f"not in build/: {', '.join(missing)}; run `make package` first")
for entrance in dict.fromkeys([database, writer]):
    entrance.allow_from("functions", network.functions_security_group_id)
settings: dict[Setting, Input[str]] = {
    Setting.ENVIRONMENT: config.environment,
    Setting.LOG_LEVEL: config.functions.log_level,
    Setting.ORIGIN_DIGESTS: lock.origin_digests,
    Setting.ALLOWED_ORIGINS: Output.all(*own_origins).apply(",".join),
    Setting.DB_HOST: writer.address,
    Setting.DB_PORT: str(PROXY_PORT if config.database.proxy else PORT),
    Setting.DB_NAME: NAME,
    Setting.DB_USER: APP_USER,
    Setting.DB_READER_HOSTS: Output.all(*(e for r in readers for e in r.endpoints)).apply(",".join),
    Setting.DB_INSTANCE: database.identifier,
    Setting.MASTER_SECRET_ARN: database.master_secret_arn,
    Setting.JWKS_URL: identity.jwks_url,
    Setting.TOKEN_ISSUER: identity.issuer,
    Setting.TOKEN_CLIENT_IDS: client.id,
    Setting.API_KEY_ARN: secrets.arns["api-key"],
    Setting.JWT_SECRET_ARN: secrets.arns["jwt-secret"],
    Setting.ENCRYPTION_KEY_ARN: secrets.arns["encryption-key"],
    Setting.DATA_BUCKET: storage.bucket,
    Setting.AUDIT_BUCKET: audit_archive.bucket,
    Setting.LIMITS_ON_FAILURE: config.api.limits_on_failure,
    Setting.MAX_SIMULATIONS: str(config.limits.simulations),
    Setting.MAX_STORAGE_GB: str(config.limits.storage_gb),
    Setting.MAX_USERS_PER_WORKSPACE: str(config.limits.users),
    # Empty where nobody can listen: then there is no such table.
    Setting.EVENTS_TABLE: "",
    **{Setting(f"{name}_table".upper()): table for name, table in tables.names.items()},
}
if websocket_api:
    settings[Setting.CONNECTIONS_URL] = websocket_api.management_url
functions = fleet(
    FleetArgs(
        config=config,
        archives={name: str(path) for name, path in archives.items()},
        sql_digest=archive.sql_digest(ROOT),
        settings=settings,
        # Past the proxy, as another user: what migrates holds locks and makes roles.
        own_settings={
            "migrate": {
                Setting.DB_HOST: database.address,
                Setting.DB_PORT: str(PORT),
                Setting.DB_USER: MIGRATOR_USER,
            },
            # The one that RDS keeps, RDS rotates.
            "rotation": {Setting.MASTER_SECRET_ARN: database.own_secret_arn or ""},
        },
        surroundings=Surroundings(
            database=database,
            writer=writer,
            readers=readers,
            tables=tables,
            storage=storage,
            audit_archive=audit_archive,
            secrets=secrets,
            rotation=rotation,
            websocket_api=websocket_api,
            functions={},
        ),
        placement=Placement(
            subnet_ids=network.subnet_ids,
            security_group_ids=[network.functions_security_group_id],
            closed_group_id=network.closed_group_id,
        ),
        key_arn=key.arn,
        account_id=account_id,
    ),
    opts,
)
http_api.serve(functions, functions["authorizer"])
if websocket_api:
    websocket_api.serve(functions, functions["connect_authorizer"])
    EventStream(
        "events",
        EventStreamArgs(stream_arn=tables.stream_arns["events"], function=functions["fanout"]),
        opts,
    )
restores = (
    [
        Restores(
            "restores",
            RestoresArgs(bucket=storage.bucket, function=functions["restored"], key_arn=key.arn),
            opts,
        )
    ]
    if realtime
    else []
)

# What was done
audit_delivery = AuditDelivery(
    "audit-delivery",
    AuditDeliveryArgs(
        archive=audit_archive,
        functions={spec.name: functions[spec.name] for spec in declared(config) if spec.audits},
        logs=config.logs,
        key_arn=key.arn,
        account_id=account_id,
        region=region,
    ),
    opts,
)
recorders: list[Watched] = [audit_delivery]
if trail is not None:
    recorders.append(
        Trail(
            "trail",
            TrailArgs(
                config=config.audit,
                logs=config.logs,
                trail_name=identifier,
                archive=audit_archive,
                data_bucket_arn=storage.arn,
                key_arn=key.arn,
            ),
            opts,
        )
    )

# Operations
topics = Topics(
    "topics",
    TopicsArgs(contacts=config.contacts, key_arn=key.arn, account_id=account_id, region=region),
    opts,
)
edge_topics = topics
if region != EDGE_REGION:
    edge_topics = Topics(
        "topics-edge",
        TopicsArgs(
            contacts=config.contacts,
            key_arn=edge_key.arn,
            account_id=account_id,
            region=EDGE_REGION,
        ),
        opts,
    )
entrances: list[Watched] = [http_api, websocket_api, cdn] if websocket_api else [http_api, cdn]
stores: list[Watched] = [*dict.fromkeys([database, writer]), *readers, tables]
watched = [
    *entrances,
    *guards,
    *recorders,
    client,
    *stores,
    rotation,
    *functions.values(),
    *restores,
]
Jobs(
    "jobs",
    JobsArgs(
        jobs={name: job for name, job in JOBS.items() if realtime or not job.realtime},
        functions=functions,
        key_arn=key.arn,
        account_id=account_id,
    ),
    opts,
)
Alarms(
    "alarms",
    AlarmsArgs(
        config=config.alarms,
        stated=[alarm for component in watched for alarm in component.alarms],
        region=region,
        topics=topics.arns,
        edge_topics=edge_topics.arns,
    ),
    opts,
)
DatabaseEvents("database-events", DatabaseEventsArgs(topic_arn=topics.arns["outage"]), opts)
if config.delivery and boundary:
    Delivery(
        "delivery",
        DeliveryArgs(
            config=config.delivery,
            owner=config.account.owner,
            reach=Reach(
                account_id=account_id,
                region=region,
                copy_region=config.backup.copy_region,
                boundary_arn=boundary.arn,
                key_arns=[k.arn for k in dict.fromkeys([key, edge_key, copy_key]) if k],
                called_arns=[functions[name].arn for name in ("bootstrap", "rotation")],
                site_bucket=site.bucket,
                audit_arns=[audit_archive.arn],
            ),
            data_buckets=[storage.bucket, log_archive.bucket, audit_archive.bucket],
        ),
        opts,
    )

# Exports: what people, the release tool and the tests may rely on.
websocket_url = Output.concat("wss://", cdn.domain_name, "/ws") if realtime else None
pulumi.export("url", cdn.url)
pulumi.export("api_url", Output.concat(cdn.url, "/api"))
pulumi.export("websocket_url", websocket_url)
pulumi.export("user_pool_id", identity.pool_id)
pulumi.export("user_pool_client_id", client.id)
pulumi.export("site_bucket", site.bucket)
pulumi.export("release", config.site.release)
pulumi.export(
    "site_config",
    BrowserConfig(
        environment=config.environment,
        region=region,
        api_url=Output.concat(cdn.url, "/api"),
        websocket_url=websocket_url,
        user_pool_id=identity.pool_id,
        user_pool_client_id=client.id,
        sign_in_domain=identity.sign_in_domain,
        features=config.features,
        limits=config.limits,
    ).json(),
)
