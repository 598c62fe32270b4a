"""MA Platform on AWS: one stack's configuration, its components, its exports."""

import os

import pulumi
import pulumi_aws as aws
from pulumi import Input, InvokeOutputOptions, Output, ResourceOptions

from components.alarm import Watched
from components.api.function import Function, FunctionArgs, Placement
from components.api.http_api import HttpApi, HttpApiArgs
from components.api.log_role import ApiLogRole, ApiLogRoleArgs
from components.api.websocket_api import WebSocketApi, WebSocketApiArgs
from components.data.database import Database, DatabaseArgs
from components.data.proxy import Proxy, ProxyArgs
from components.data.replicas import Replicas, ReplicasArgs
from components.data.storage import Storage, StorageArgs
from components.data.tables import Tables, TablesArgs
from components.edge import EDGE_REGION
from components.edge.browser_config import BrowserConfig
from components.edge.cdn import Cdn, CdnArgs
from components.edge.origin_lock import OriginLock, OriginLockArgs
from components.edge.origins import Origins
from components.edge.site import Site, SiteArgs
from components.operations.alarms import Alarms, AlarmsArgs
from components.operations.database_events import DatabaseEvents, DatabaseEventsArgs
from components.operations.log_archive import LogArchive, LogArchiveArgs
from components.operations.topics import Topics, TopicsArgs
from components.security.identity import Identity, IdentityArgs
from components.security.key import Key, KeyArgs
from components.security.network import IsolatedNetwork, NetworkArgs
from config.capacity import declared, reserved
from config.problems import KEY, ConfigError
from config.stack import ROOT, load
from contract.database import APP_USER, NAME, PORT, PROXY_PORT
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
key = Key(
    "key",
    KeyArgs(
        account_id=account_id, region=region, protect=protect, retain=config.database.final_snapshot
    ),
    opts,
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

# Data
log_archive = LogArchive(
    "logs", LogArchiveArgs(logs=config.logs, protect=protect, account_id=account_id), opts
)
storage = Storage(
    "data",
    StorageArgs(
        config=config.storage, protect=protect, key_arn=key.arn, logs_bucket=log_archive.bucket
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
settings = {
    Setting.ENVIRONMENT: config.environment,
    Setting.LOG_LEVEL: config.functions.log_level,
    Setting.ORIGIN_DIGESTS: lock.origin_digests,
    Setting.ALLOWED_ORIGINS: Output.all(*own_origins).apply(",".join),
    Setting.DB_HOST: writer.address,
    Setting.DB_PORT: str(PROXY_PORT if config.database.proxy else PORT),
    Setting.DB_NAME: NAME,
    Setting.DB_USER: APP_USER,
    Setting.DB_READER_HOSTS: Output.all(*(e for r in readers for e in r.endpoints)).apply(",".join),
    Setting.JWKS_URL: identity.jwks_url,
}
grants = {
    "health": [source.grant_connect(APP_USER) for source in (writer, *readers)],
}
if realtime:
    settings[Setting.CONNECTIONS_TABLE] = tables.names["connections"]
    grants["realtime"] = tables.grants("connections", "DeleteItem")
for entrance in dict.fromkeys([database, writer]):
    entrance.allow_from("functions", network.functions_security_group_id)
shares = reserved(config)
try:
    archives = {spec.name: archive.path(spec, ROOT).relative_to(ROOT) for spec in declared(config)}
except ExpectedError as error:
    raise pulumi.RunError(str(error)) from error
missing = [path.name for path in archives.values() if not (ROOT / path).exists()]
if missing and ENGINE in os.environ:
    raise pulumi.RunError(f"not in build/: {', '.join(missing)}; run `make package` first")
functions = {
    spec.name: Function(
        spec.name.replace("_", "-"),
        FunctionArgs(
            spec=spec,
            config=config.functions,
            logs=config.logs,
            archive=str(archives[spec.name]),
            settings=settings,
            placement=Placement(
                subnet_ids=network.subnet_ids,
                security_group_ids=[network.functions_security_group_id],
                closed_group_id=network.closed_group_id,
            ),
            key_arn=key.arn,
            account_id=account_id,
            region=region,
            reserved=shares[spec.name],
            provisioned=config.functions.provisioned.get(spec.name, 0),
            grants=grants.get(spec.name, []),
        ),
        opts,
    )
    for spec in declared(config)
}
http_api.serve(functions)
if websocket_api:
    websocket_api.serve(functions)

# Operations
topics = Topics(
    "topics",
    TopicsArgs(contacts=config.contacts, key_arn=key.arn, account_id=account_id, region=region),
    opts,
)
edge_topics = topics
if region != EDGE_REGION:
    edge_key = Key(
        "key-edge", KeyArgs(account_id=account_id, region=EDGE_REGION, protect=protect), opts
    )
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
watched = [*entrances, client, *stores, *functions.values()]
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
