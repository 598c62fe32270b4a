"""Where a stack can be reached from outside, and what lets anyone in."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph.model import Graph, Resource

ROUTE: Final = "aws:apigatewayv2/route:Route"
EVERYWHERE: Final = {"0.0.0.0/0", "::/0"}
OPEN: Final = "NONE"
"""How API Gateway and Lambda say that they ask nobody who they are."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A resource that has an address of its own; ``open`` are the routes that take anyone."""

    resource: Resource
    address: Any
    note: str
    open: tuple[str, ...] = ()


def entries(graph: Graph) -> list[Entry]:
    """Where people come in first."""
    return [
        entry
        for kind, found in _KINDS.items()
        for resource in graph.by_type(kind)
        for entry in found(resource, graph)
    ]


def _distribution(resource: Resource, _graph: Graph) -> Iterator[Entry]:
    guarded = "firewall" if resource.inputs.get("webAclId") else "no firewall"
    for address in resource.inputs.get("aliases") or [resource.outputs.get("domainName")]:
        yield Entry(resource=resource, address=address, note=guarded)


def _api(resource: Resource, graph: Graph) -> Iterator[Entry]:
    if resource.inputs.get("disableExecuteApiEndpoint"):
        return
    routes = [
        route
        for route in graph.by_type(ROUTE)
        if resource.urn in route.property_dependencies.get("apiId", ())
    ]
    if resource.inputs.get("protocolType") == "WEBSOCKET":
        # Of a connection, only its beginning can be refused.
        routes = [route for route in routes if route.inputs.get("routeKey") == "$connect"]
    anyone = [r for r in routes if r.inputs.get("authorizationType", OPEN) == OPEN]
    yield Entry(
        resource=resource,
        address=_host(resource.outputs.get("apiEndpoint")),
        note=f"{len(anyone)} of {len(routes)} open" if anyone else "none open",
        open=tuple(sorted(str(route.inputs.get("routeKey")) for route in anyone)),
    )


def _api_name(resource: Resource, _graph: Graph) -> Iterator[Entry]:
    yield Entry(resource=resource, address=resource.inputs.get("domainName"), note="an API's name")


def _sign_in(resource: Resource, _graph: Graph) -> Iterator[Entry]:
    domain, region = resource.outputs.get("domain"), resource.outputs.get("region")
    own = "certificateArn" in resource.inputs or not isinstance(domain, str)
    address = domain if own else f"{domain}.auth.{region}.amazoncognito.com"
    yield Entry(resource=resource, address=address, note="sign-in")


def _function_url(resource: Resource, _graph: Graph) -> Iterator[Entry]:
    anyone = resource.inputs.get("authorizationType", OPEN) == OPEN
    note = "a function for anyone" if anyone else "a function for signed requests"
    yield Entry(resource=resource, address=_host(resource.outputs.get("functionUrl")), note=note)


def _database(resource: Resource, _graph: Graph) -> Iterator[Entry]:
    if resource.inputs.get("publiclyAccessible"):
        yield Entry(
            resource=resource, address=resource.outputs.get("address"), note="a database in public"
        )


def _ingress(resource: Resource, _graph: Graph) -> Iterator[Entry]:
    for key in ("cidrIpv4", "cidrIpv6"):
        source = resource.inputs.get(key)
        if source in EVERYWHERE:
            ports = f"ports {resource.inputs.get('fromPort')} to {resource.inputs.get('toPort')}"
            yield Entry(resource=resource, address=source, note=f"may reach {ports}")


def _host(url: object) -> object:
    return url.partition("://")[2].rstrip("/") if isinstance(url, str) else url


_KINDS: Final[Mapping[str, Callable[[Resource, Graph], Iterator[Entry]]]] = {
    "aws:cloudfront/distribution:Distribution": _distribution,
    "aws:cognito/userPoolDomain:UserPoolDomain": _sign_in,
    "aws:apigatewayv2/domainName:DomainName": _api_name,
    "aws:apigatewayv2/api:Api": _api,
    "aws:lambda/functionUrl:FunctionUrl": _function_url,
    "aws:rds/instance:Instance": _database,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _ingress,
}
