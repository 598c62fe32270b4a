"""The edge: the site and the CDN, and which origins browsers may come from."""

from dataclasses import dataclass

from pulumi import Input, Output

from components.edge.cdn import Cdn, CdnArgs
from components.edge.firewall import Firewall, FirewallArgs
from components.edge.origin_lock import OriginLock, OriginLockArgs
from components.edge.origins import Origins
from components.edge.site import Site, SiteArgs
from components.security.identity import BrowserClient
from config import firewall
from layers.api import Api
from layers.base import Base
from layers.data import Data
from layers.security import Security


@dataclass(frozen=True, kw_only=True)
class Edge:
    """``own_origins`` are the site's own and those the stack file lists."""

    lock: OriginLock
    site: Site
    firewall: Firewall | None
    cdn: Cdn
    client: BrowserClient
    own_origins: list[Input[str]]


def declare(base: Base, security: Security, data: Data, api: Api) -> Edge:
    """Once the CDN's address is known, the stores and the sign-in behind it let it in."""
    config, opts = base.config, base.opts
    lock = OriginLock("origin-lock", OriginLockArgs(config=config.edge), opts)
    site = Site(
        "site",
        SiteArgs(
            protect=base.context.protect,
            release=config.site.release,
            logs_bucket=security.log_archive.bucket,
        ),
        opts,
    )
    guard = _firewall(base) if firewall.enabled(config.edge) else None
    origins = Origins(
        site=site.domain_name,
        site_access_control_id=site.access_control_id,
        api=api.http.host,
        websocket=api.websocket.host if api.websocket else None,
        secret=lock.secret,
    )
    cdn = _cdn(base, security, data, origins, guard)
    site.allow(cdn.distribution_arn)
    listed = [o for o in config.origins if o != f"https://{config.edge.domain}"]
    own_origins: list[Input[str]] = [cdn.url, *listed]
    data.storage.allow_origins(*own_origins)
    callbacks = [o for o in config.identity.callback_origins if o not in listed]
    return Edge(
        lock=lock,
        site=site,
        firewall=guard,
        cdn=cdn,
        client=security.identity.browser_client([*own_origins, *callbacks]),
        own_origins=own_origins,
    )


def _firewall(base: Base) -> Firewall:
    return Firewall("firewall", FirewallArgs(context=base.edge, config=base.config.edge), base.opts)


def _cdn(
    base: Base, security: Security, data: Data, origins: Origins, guard: Firewall | None
) -> Cdn:
    return Cdn(
        "cdn",
        CdnArgs(
            config=base.config.edge,
            release=base.config.site.release,
            region=base.context.region,
            origins=origins,
            sign_in_domain=security.identity.sign_in_domain,
            connect_sources=[Output.concat("https://", data.storage.domain_name)],
            logs_bucket_arn=security.log_archive.delivery_arn,
            web_acl_arn=guard.arn if guard else None,
        ),
        base.opts,
    )
