"""Small programs around one component of the edge, and how to run them."""

from collections.abc import Callable
from typing import Any

import pulumi

from components.edge.cdn import Cdn, CdnArgs
from components.edge.firewall import Firewall, FirewallArgs
from components.edge.origins import Origins
from config.sections import Edge, Logs
from graph.engine import run
from graph.model import Graph
from tests.declare import context

REGION = "eu-central-1"
ACCOUNT = "123456789012"
WEB_ACL = f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/firewall/0b1c"
EDGE_KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/edge"
DOMAIN = {"domain": "app.example.com", "zone_id": "Z0123456789"}


def graph(program: Callable[[], object], *, unknown: bool = False) -> Graph:
    """What the program registers, in a stack that is not in CloudFront's Region."""
    config = {"aws:region": REGION}
    return run(program, project="ma-platform", stack="test", config=config, unknown=unknown)


def resolved(make: Callable[[], Any]) -> Any:
    """The value of what ``make`` returns, all outputs in it known."""
    return graph(lambda: pulumi.export("value", make())).outputs["value"]


def cdn(
    *,
    unknown: bool = False,
    release: str = "r1",
    realtime: bool = True,
    plan: str = "payg",
    **config: Any,
) -> Graph:
    """A stack that is a CDN only, in front of origins that are names."""
    host = f"execute-api.{REGION}.amazonaws.com"

    def program() -> None:
        origins = Origins(
            site=f"site.s3.{REGION}.amazonaws.com",
            site_access_control_id="E-ACCESS",
            api=f"http.{host}",
            websocket=f"socket.{host}" if realtime else None,
            secret=pulumi.Output.secret("s3cret"),
        )
        args = CdnArgs(
            config=Edge(plan=plan, **config),
            release=release,
            region=REGION,
            origins=origins,
            sign_in_domain=f"ma.auth.{REGION}.amazoncognito.com",
            connect_sources=[f"https://data.s3.{REGION}.amazonaws.com"],
            logs_bucket_arn="arn:aws:s3:::logs",
            web_acl_arn=None if plan == "payg" else WEB_ACL,
        )
        Cdn("cdn", args)

    return graph(program, unknown=unknown)


def firewall(of: str = "pro", /, *, unknown: bool = False, **config: Any) -> Graph:
    """A stack on a plan that is a firewall only; ``config`` is as a stack file says it."""
    args = FirewallArgs(
        context=context(logs=Logs(retention_days=365), key_arn=EDGE_KEY),
        config=Edge.model_validate({"plan": of, "firewall": config}),
    )
    return graph(lambda: Firewall("firewall", args), unknown=unknown)
