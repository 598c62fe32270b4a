"""MA Platform on AWS: one stack's configuration, its layers, its exports."""

import pulumi
from pulumi import Output, runtime

import layers.api
import layers.base
import layers.data
import layers.edge
import layers.functions
import layers.operations
import layers.security
from components.edge.browser_config import BrowserConfig
from config.problems import ConfigError
from config.stack import StackFile

# Every key, those that nothing heeds too; and no Region of the environment's.
settings = runtime.config.CONFIG.get()
secret = [key for key in settings if runtime.is_config_secret(key)]
try:
    config = StackFile.given(pulumi.get_stack(), settings, secret).load()
except ConfigError as error:
    raise pulumi.RunError(str(error)) from error

# Each layer is given the earlier ones that it needs.
base = layers.base.declare(config)
security = layers.security.declare(base)
data = layers.data.declare(base, security)
api = layers.api.declare(base)
edge = layers.edge.declare(base, security, data, api)
functions = layers.functions.declare(base, security, data, api, edge)
layers.operations.declare(base, security, data, api, edge, functions)

# Exports: what people, the release tool and the tests may rely on.
api_url = Output.concat(edge.cdn.url, "/api")
websocket_url = Output.concat("wss://", edge.cdn.domain_name, "/ws") if api.websocket else None
site_config = BrowserConfig(
    environment=config.environment,
    region=config.region,
    api_url=api_url,
    websocket_url=websocket_url,
    user_pool_id=security.identity.pool_id,
    user_pool_client_id=edge.client.id,
    sign_in_domain=security.identity.sign_in_domain,
    features=config.features,
    limits=config.limits,
)
pulumi.export("url", edge.cdn.url)
if edge.cdn.dns_records is not None:
    pulumi.export("dns_records", edge.cdn.dns_records)
pulumi.export("api_url", api_url)
pulumi.export("websocket_url", websocket_url)
pulumi.export("user_pool_id", security.identity.pool_id)
pulumi.export("user_pool_client_id", edge.client.id)
pulumi.export("site_bucket", edge.site.bucket)
pulumi.export("site_function", edge.cdn.release_function)
pulumi.export("source_maps", data.storage.source_maps)
pulumi.export("release", config.site.release)
pulumi.export("site_config", site_config.json())
